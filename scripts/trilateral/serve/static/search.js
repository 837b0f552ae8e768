// Search: things by words of their names, where no server answers; the rules are its rules.

import { html } from "./editor/element.js";

const SHOWN = 100;
const LETTERS = { ø: "o", đ: "d", ł: "l", ı: "i", ð: "d", þ: "th", æ: "ae", œ: "oe" };
const WITHOUT_SPACES = 0x2e80;

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

/** Return how well a name fits, 0 for best; null where it has not all the words. */
function fitOf(query, tokens, name) {
  if (name.startsWith(query)) return query === name ? 0 : name[query.length] === " " ? 1 : 2;
  const words = name.split(" ");
  if (tokens.every((token) => words.includes(token))) return 3;
  if (tokens.every((token) => words.some((word) => word.startsWith(token)))) return 4;
  const isPart = (token) => token.length >= 3 || token.codePointAt(0) >= WITHOUT_SPACES;
  return tokens.every((token) => isPart(token) && name.includes(token)) ? 5 : null;
}

/** Return the words of a text without case, accents and punctuation. */
function fold(text) {
  const plain = text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/['’ʼʻ`]/g, "")
    .replace(/\b(\w)\./g, "$1");
  const bare = Array.from(plain, (letter) =>
    letter.codePointAt(0) >= WITHOUT_SPACES
      ? letter
      : (LETTERS[letter] ?? letter.normalize("NFD").replace(/\p{Mn}/gu, "")),
  ).join("");
  return bare.match(/[\p{L}\p{N}]+/gu)?.join(" ") ?? "";
}
