// Table: rows that can be sorted, a hundred at a time.

import { html } from "./element.js";
import { numberOf } from "./terms.js";
import { say } from "./words.js";

const PAGE = 100;

/** Show an answer as a table in a place. */
export function showTable(place, answer, terms) {
  const state = { rows: answer.rows, by: null, down: false, page: 0 };
  const draw = (focus) => {
    place.replaceChildren(...parts(answer, terms, state, draw));
    if (focus) place.querySelector(`[data-focus="${CSS.escape(focus)}"]`)?.focus();
  };
  draw();
}

function parts(answer, terms, state, draw) {
  const pages = Math.max(1, Math.ceil(state.rows.length / PAGE));
  const first = state.page * PAGE;
  const heads = answer.names.map((name) => head(answer, terms, state, draw, name));
  const body = state.rows.slice(first, first + PAGE).map((row) =>
    html("tr", {}, ...answer.names.map((name) => cell(terms, row, name))),
  );
  const table = html(
    "table",
    { "aria-label": say("result") },
    html("thead", {}, html("tr", {}, ...heads)),
    html("tbody", {}, ...body),
  );
  const region = { class: "scroll", tabindex: "0", role: "region", "aria-label": say("table") };
  const found = [html("div", region, table)];
  if (pages > 1) found.push(pager(state, draw, pages, first));
  return found;
}

/** Return a value as a cell; a thing with its label, unless the row has one for it. */
function cell(terms, row, name) {
  const term = row[name];
  const label = row[`${name}Label`] ? "" : terms.label(term);
  const more = label ? [" ", html("span", { class: "label" }, label)] : [];
  const attributes = { class: Number.isNaN(numberOf(term)) ? null : "number" };
  return html("td", attributes, terms.node(term), ...more);
}

function head(answer, terms, state, draw, name) {
  const sorted = state.by === name;
  const arrow = sorted ? (state.down ? " ▼" : " ▲") : "";
  const button = html(
    "button",
    { type: "button", class: "sort", "data-focus": `sort ${name}` },
    name,
    html("span", { "aria-hidden": "true" }, arrow),
  );
  button.addEventListener("click", () => {
    state.down = sorted && !state.down;
    state.by = name;
    state.page = 0;
    const turn = state.down ? -1 : 1;
    state.rows = [...answer.rows].sort((a, b) => turn * compare(terms, a[name], b[name]));
    draw(`sort ${name}`);
  });
  const order = sorted ? (state.down ? "descending" : "ascending") : null;
  return html("th", { scope: "col", "aria-sort": order }, button);
}

const COLLATOR = new Intl.Collator(undefined, { numeric: true });

function compare(terms, a, b) {
  const difference = numberOf(a) - numberOf(b);
  if (!Number.isNaN(difference)) return difference;
  return COLLATOR.compare(terms.text(a), terms.text(b));
}

function pager(state, draw, pages, first) {
  const step = (by, words) => {
    const to = state.page + by;
    const off = to < 0 || to >= pages;
    const button = html("button", { type: "button", "data-focus": words, disabled: off }, words);
    button.addEventListener("click", () => {
      state.page = to;
      draw(words);
    });
    return button;
  };
  const last = Math.min(first + PAGE, state.rows.length);
  const shown = say("shown", { first: first + 1, last, number: state.rows.length });
  const attributes = { class: "buttons", role: "group", "aria-label": say("pages") };
  return html("div", attributes, step(-1, say("previous")), html("span", {}, shown), step(1, say("next")));
}
