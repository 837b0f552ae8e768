// Editor: a query is written, run, cancelled, shown in several ways, and handed on.

import { readAnswer } from "./editor/answers.js";
import { showChart } from "./editor/chart.js";
import { makeCode } from "./editor/code.js";
import { html } from "./editor/element.js";
import { filterExamples } from "./editor/examples.js";
import { showMap } from "./editor/map.js";
import { completeNames, missing } from "./editor/names.js";
import { fileUrl, isStatic, queryUrl } from "./editor/place.js";
import * as server from "./editor/server.js";
import { showTable } from "./editor/table.js";
import { Terms, plain } from "./editor/terms.js";
import { count, phrases, say, viewNames } from "./editor/words.js";

const LONG_LINK = 2000;
// Servers and browsers cut off addresses that are longer.
const LONGEST_LINK = 8000;
const RAW = 200_000;

const at = (id) => document.getElementById(id);
const form = at("editor");
const { base, code: codeUrl } = form.dataset;
const names = isStatic ? fileUrl("/query/completion.json") : form.dataset.names;
const prefixes = JSON.parse(at("prefixes").textContent);
const terms = new Terms(prefixes, base);
const views = {
  table: showTable,
  chart: showChart,
  map: showMap,
  graph: async (...all) => (await import("./editor/graph.js")).showGraph(...all),
  raw: showRaw,
};
let answer = null;
let view = "table";
let running = null;

// ---------------------------------------------------------------- the text

let loaded = null;
const load = () => {
  loaded ??= fetch(names).then((response) => response.json());
  loaded.catch(() => (loaded = null));
  return loaded;
};
// What things are called is known when an answer is shown; without it, their short forms are.
const named = () => load().then((found) => terms.learn(found)).catch(() => {});
const area = at("query");
const code = makeCode(at("code"), {
  text: area.value,
  label: say("query"),
  phrases,
  complete: completeNames(load),
  run: () => run(),
  changed: () => (area.value = code.text()),
});
at("code").hidden = false;
at("keys").hidden = false;
area.hidden = true;
area.required = false;
at("query-label").addEventListener("click", () => code.focus());
at("indent").addEventListener("change", (event) => code.indent(event.target.checked));
const first = document.querySelector("[data-line]");
if (first) code.mark(Number(first.dataset.line));

// ---------------------------------------------------------------- running it

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const format = event.submitter?.name === "format" ? event.submitter.value : null;
  if (format) download(format);
  else run();
});
at("cancel").addEventListener("click", () => running?.abort());

// Pages that are files have nobody to ask but the browser.
const source = isStatic
  ? (await import("./browser/source.js")).makeSource({ place: at("data"), run: at("run"), load: prepare, base, prefixes })
  : server;

/** Run the query and show its answer; the address of the page becomes its link, if it may. */
async function run(rename = true) {
  const text = declared();
  const naming = named();
  const response = await ask(say("running"), (given) => source.answer(text, given));
  if (!response) {
    if (!running) clear();
    return;
  }
  const { media, body, seconds, note } = response;
  await naming;
  answer = { ...readAnswer(media, body), media, body };
  showViews();
  const told = say("within", { count: counted(), seconds: seconds.toFixed(2) });
  at("status").textContent = note ? `${told}. ${note}` : told;
  const link = queryUrl(text);
  // Another path would turn the relative links of a page elsewhere.
  const here = new URL(link).pathname === location.pathname;
  if (rename && here && link.length <= LONGEST_LINK) history.replaceState(null, "", link);
  share();
}

/** Have what answers queries ready, without one. */
async function prepare() {
  if (await ask(say("reading"), (given) => source.prepare(given))) at("status").textContent = "";
}

/** Take away what an earlier query gave, and its link and code: they are not this query's. */
function clear() {
  answer = null;
  at("shown").replaceChildren();
  for (const id of ["views", "share", "programs"]) at(id).hidden = true;
}

function counted() {
  return count(answer.triples ? "triples" : "rows", answer.rows.length);
}

async function download(format) {
  const text = declared();
  const response = await ask(say("fetching"), (given) => source.download(text, format, given));
  if (!response) return;
  const url = URL.createObjectURL(new Blob([response.body], { type: response.media }));
  const file = `trilateral-query.${format}`;
  html("a", { href: url, download: file }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  at("status").textContent = say("saved", { file });
}

/** Return the text of the query, after the prefixes that it lacks were declared. */
function declared() {
  const changes = missing(code.text(), prefixes);
  if (changes.length) code.change(changes);
  return code.text();
}

/** Ask the source; returns null after telling of a problem or of a cancellation. */
async function ask(meanwhile, does) {
  running?.abort();
  const mine = (running = new AbortController());
  const tell = (words) => running === mine && (at("status").textContent = words);
  problem(null);
  at("cancel").hidden = false;
  tell(meanwhile);
  const began = performance.now();
  try {
    const found = await does({ signal: mine.signal, tell });
    return { seconds: (performance.now() - began) / 1000, ...found };
  } catch (error) {
    if (running !== mine) return null;
    const cancelled = error.name === "AbortError";
    tell(say(cancelled ? "cancelled" : "not-answered"));
    if (!cancelled) problem(error);
    return null;
  } finally {
    if (running === mine) {
      running = null;
      at("cancel").hidden = true;
    }
  }
}

function problem(error) {
  const box = at("problem");
  box.hidden = error === null;
  code.mark(Number(error?.line ?? 0));
  if (error === null) return;
  const line = error.line && code.text().split("\n")[error.line - 1];
  const lang = error.language ?? "en";
  box.setAttribute("role", "alert");
  box.replaceChildren(
    html("h2", {}, error.title ?? say("unreachable")),
    html("p", { lang }, plain(error.message)),
    ...(line
      ? [html("p", {}, say("line", { number: error.line }), " ", html("mark", {}, html("code", {}, plain(line))))]
      : []),
  );
}

// ---------------------------------------------------------------- showing what came

function showViews() {
  const buttons = Object.keys(views).map((name) => {
    const button = html("button", { type: "button", "aria-pressed": String(name === view) }, viewNames[name]);
    button.addEventListener("click", () => {
      view = name;
      for (const each of at("views").children) {
        each.setAttribute("aria-pressed", String(each === button));
      }
      views[view](at("shown"), answer, terms);
    });
    return button;
  });
  at("views").replaceChildren(...buttons);
  at("views").hidden = false;
  views[view](at("shown"), answer, terms);
}

function showRaw(place, { body }) {
  const more = body.length > RAW ? `\n${count("more", body.length - RAW)}` : "";
  const attributes = { tabindex: "0", role: "region", "aria-label": say("raw") };
  place.replaceChildren(html("pre", attributes, html("code", {}, body.slice(0, RAW) + more)));
}

// ---------------------------------------------------------------- handing it on

function share() {
  const link = queryUrl(code.text());
  at("permalink").value = link;
  at("long").hidden = link.length <= LONG_LINK;
  document.querySelector("#citation .address").textContent = link;
  at("share").hidden = false;
  at("programs").hidden = isStatic;
  if (at("programs").open) showPrograms();
}

async function showPrograms() {
  const body = new URLSearchParams({ query: code.text() });
  const found = await (await fetch(codeUrl, { method: "POST", body })).json();
  const parts = Object.entries(found.code).flatMap(([name, text]) => [
    html("h2", {}, name),
    html("pre", { tabindex: "0", role: "region", "aria-label": say("code", { name }) }, html("code", {}, text)),
  ]);
  at("snippets").replaceChildren(...parts);
}

const now = new Date();
const two = (number) => String(number).padStart(2, "0");
at("today").textContent = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
at("programs").addEventListener("toggle", () => at("programs").open && showPrograms());
at("share").addEventListener("toggle", () => at("share").open && share());
if (navigator.clipboard) {
  at("copy").hidden = false;
  at("copy").addEventListener("click", async () => {
    await navigator.clipboard.writeText(at("permalink").value);
    at("copied").textContent = say("copied");
  });
}

filterExamples(document.querySelector(".examples"));
const given = at("answer");
if (given) {
  const { media, text } = JSON.parse(given.textContent);
  answer = { ...readAnswer(media, text), media, body: text };
  named().then(() => {
    showViews();
    at("status").textContent = counted();
  });
} else if (!isStatic && at("shown").querySelector("table")) {
  // Too long for the page to hold twice: the script asks for it itself.
  run(false);
}
if (isStatic) begin();

/** Take up the query of a link, which runs at once where nothing has to be loaded for it. */
async function begin() {
  const asked = new URLSearchParams(location.search).get("query");
  if (asked) write(asked);
  const fields = document.querySelector("form.parameters");
  if (fields) (await import("./browser/question.js")).takeFields(fields, load, (text) => (write(text), run()), problem);
  try {
    const ready = await source.open();
    if (asked && ready) run(false);
  } catch (error) {
    problem(error);
  }
}

function write(text) {
  code.change({ from: 0, to: code.text().length, insert: text });
}
