// Search: things by words of their names, where no server answers; the rules are its rules.

import { html } from "./editor/element.js";
import { fitOf, fold } from "./matching.js";

const SHOWN = 100;

const place = document.getElementById("found");
const root = document.documentElement.dataset.static;
const asked = new URLSearchParams(location.search).get("q")?.trim() ?? "";
for (const field of document.querySelectorAll('input[name="q"]')) field.value = asked;
if (asked) search(asked);

async function search(words) {
  const { kinds, things } = await (await fetch(place.dataset.names)).json();
  const hits = find(words, kinds, things);
  const { one, many, none } = place.dataset;
  const told = hits.length === 0 ? none : hits.length === 1 ? one : many;
  document.getElementById("told").textContent = told.replace("#", hits.length ? hits.length.toLocaleString("en") : words);
  place.replaceChildren(...hits.slice(0, SHOWN).map((hit) => result(hit, kinds)));
}

function result({ thing: [path, kind, label], name }, kinds) {
  return html(
    "li",
    {},
    html("a", { href: `${root}${encodeURI(path)}.html` }, label),
    " ",
    html("span", { class: "badge" }, kinds[kind].name),
    name === label ? null : html("span", { class: "why" }, html("bdi", {}, name)),
  );
}

/** Return the things whose names have all the words, those that fit best first. */
function find(words, kinds, things) {
  const query = fold(words);
  const tokens = query.split(" ").filter(Boolean);
  if (!tokens.length) return [];
  const hits = [];
  for (const thing of things) {
    let best = null;
    for (const name of [thing[2], ...thing[3]]) {
      const folded = fold(name);
      const fit = fitOf(query, tokens, folded);
      if (fit !== null && (!best || fit < best.fit)) best = { fit, name, length: folded.length };
    }
    if (best) hits.push({ thing, ...best });
  }
  const rank = ({ thing, fit, length }) => [kinds[thing[1]].links, fit, thing[1], length];
  const ranked = hits.map((hit) => [rank(hit), hit]);
  ranked.sort(([a], [b]) => a.map((value, at) => value - b[at]).find((each) => each) ?? 0);
  return ranked.map(([, hit]) => hit);
}
