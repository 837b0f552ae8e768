// Page: what every page starts that is a file.

import { keepPages } from "./keep.js";

keepPages();
