// Page: what every page starts that is a file.

import { fileUrl } from "../editor/place.js";
import { keepPages } from "./keep.js";

/**
 * Write the digest of the data where the page has to name it.
 *
 * It stands in one file: or all pages would be others after each edit of the data. Without
 * that file the link to the page that has it stays as it is.
 */
async function nameData() {
  const places = document.querySelectorAll("a.build");
  const response = await fetch(fileUrl("/data/browser.json"), { cache: "no-cache" });
  if (!response.ok) return;
  const { data } = await response.json();
  for (const place of places) place.textContent = data;
}

function start() {
  nameData().catch(() => {});
  keepPages();
}

// What the page itself needs comes first.
if (document.readyState === "complete") start();
else addEventListener("load", start);
