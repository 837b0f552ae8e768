// Page: what every page starts that is a file.

import { keepPages } from "./keep.js";

// What the page itself needs comes first.
if (document.readyState === "complete") keepPages();
else addEventListener("load", keepPages);
