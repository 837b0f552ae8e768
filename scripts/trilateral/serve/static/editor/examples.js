// Examples: the questions whose words a reader types.

import { say } from "./words.js";

/** Let the list of questions be narrowed by words. */
export function filterExamples(place) {
  const input = place.querySelector("input");
  const items = [...place.querySelectorAll("li")];
  place.querySelector(".filter").hidden = false;
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const item of items) {
      const text = item.textContent.toLowerCase();
      item.hidden = !words.every((word) => text.includes(word));
    }
    for (const section of place.querySelectorAll("section")) {
      section.hidden = !section.querySelector("li:not([hidden])");
    }
    const shown = items.filter((item) => !item.hidden).length;
    place.querySelector("[role=status]").textContent = say("found", { number: shown, all: items.length });
  });
}
