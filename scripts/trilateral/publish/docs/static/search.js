// Search: places of the documentation by words of their titles and texts, in the browser.

import { html } from "./editor/element.js";
import { fitOf, fold } from "./matching.js";

const SHOWN = 60;
const AROUND = 90;
const asked = new URLSearchParams(location.search).get("q")?.trim() ?? "";
const place = document.getElementById("found");
for (const field of document.querySelectorAll('input[name="q"]')) field.value = asked;
if (fold(asked)) search(asked);

async function search(words) {
  const index = new URL(place.dataset.index, location.href);
  const told = document.getElementById("told");
  const answer = await fetch(index);
  if (!answer.ok) {
    told.textContent = `The index of the search could not be read (${answer.status}).`;
    return;
  }
  const { pages, entries } = await answer.json();
  const hits = find(words, entries);
  const many = hits.length === 1 ? "1 place" : `${hits.length.toLocaleString("en")} places`;
  told.textContent = hits.length ? `${many} for ${words}` : `Nothing has all the words of ${words}.`;
  place.replaceChildren(...hits.slice(0, SHOWN).map((hit) => result(hit, pages, index)));
}

/** Return entries that have all the words: first in their titles, then in their texts. */
function find(words, entries) {
  const query = fold(words);
  const tokens = query.split(" ");
  const hits = [];
  for (const entry of entries) {
    const title = fold(entry[2]);
    const fit = fitOf(query, tokens, title);
    if (fit !== null) hits.push({ entry, rank: [fit, title.length] });
    else {
      const text = `${title} ${fold(entry[3])}`;
      if (tokens.every((token) => text.includes(token))) hits.push({ entry, rank: [9, text.length] });
    }
  }
  return hits.sort((a, b) => a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1]);
}

function result({ entry: [at, anchor, title, text] }, pages, index) {
  const [file, name] = pages[at];
  const address = new URL(file, index);
  address.hash = anchor;
  const excerpt = around(text);
  return html(
    "li",
    {},
    html("a", { href: address.href }, title),
    title === name ? null : html("span", { class: "why soft" }, name),
    excerpt ? html("span", { class: "about" }, excerpt) : null,
  );
}

/** Return the part of a text in which the first of the words stands. */
function around(text) {
  const first = asked.toLowerCase().split(/\s+/)[0];
  const found = Math.max(text.toLowerCase().indexOf(first), 0);
  const start = Math.max(found - AROUND, 0);
  const part = text.slice(start, found + 2 * AROUND);
  return `${start ? "…" : ""}${part}${start + part.length < text.length ? "…" : ""}`;
}
