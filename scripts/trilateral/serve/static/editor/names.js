// Names: what a query can name, found by what has been typed, and declared where it needs to be.

import { pickedCompletion, startCompletion } from "@codemirror/autocomplete";
import { syntaxTree } from "@codemirror/language";

const MOST = 100;
const WORDS = (
  "ASK ASC AVG BASE BIND BY COALESCE CONSTRUCT CONTAINS COUNT DESC DESCRIBE DISTINCT EXISTS FILTER " +
  "FROM GRAPH GROUP GROUP_CONCAT HAVING IF LANG LCASE LIMIT MAX MIN MINUS NAMED NOT OFFSET " +
  "OPTIONAL ORDER PREFIX REGEX SAMPLE SELECT STR STRSTARTS SUM UNDEF UNION VALUES WHERE YEAR"
).split(" ");
const MODIFIERS = /^(?:GROUP|ORDER|HAVING|LIMIT|OFFSET|VALUES)$/i;
// Texts, IRIs and comments, in which a colon is no part of a prefixed name.
export const OTHER = /"""[^]*?"""|'''[^]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<[^<>\s"{}|^`\\]*>|#[^\n]*/g;

/** Return the declaration of a prefix as a change, null where the query has it already. */
export function declaration(text, prefix, namespace) {
  const blank = text.replace(OTHER, (found) => (found[0] === "#" ? " ".repeat(found.length) : found));
  if (new RegExp(`\\bPREFIX\\s+${prefix}:`, "i").test(blank)) return null;
  const at = /^(?:[^\S\n]*(?:#[^\n]*)?\n)*/.exec(text)[0].length;
  return { from: at, insert: `PREFIX ${prefix}: <${namespace}>\n` };
}

/** Return the declarations of all prefixes that a query uses, knows and lacks, as changes. */
export function missing(text, prefixes) {
  const used = text.replace(OTHER, " ").matchAll(/(?<![\w:?$@.-])([A-Za-z][\w-]*):/g);
  return [...new Set([...used].map(([, prefix]) => prefix))]
    .sort()
    .filter((prefix) => Object.hasOwn(prefixes, prefix))
    .map((prefix) => declaration(text, prefix, prefixes[prefix]))
    .filter(Boolean);
}

/** Return a source of completions; `load` gives a promise of the names of the dataset. */
export function completeNames(load) {
  return async (context) => {
    const { state, pos } = context;
    if (/comment|string/i.test(syntaxTree(state).resolveInner(pos, -1).name)) return null;
    const variable = context.matchBefore(/[?$]\w*/);
    if (variable) return variables(state, variable);
    const typed = context.matchBefore(/[\p{L}\p{M}\p{N}_.-]*(?::[\p{L}\p{N}_.-]*)?/u);
    if (!typed || /^[\p{N}.-]/u.test(typed.text)) return null;
    const before = state.doc.sliceString(0, typed.from);
    if (/<[^>\s]*$/.test(before)) return null;
    const place = placeOf(before);
    if (!context.explicit && (typed.text === "" || place === "end")) return null;
    const names = await load();
    if (context.aborted) return null;
    const options = search(names, typed.text, place);
    return options.length ? { from: typed.from, options, filter: false } : null;
  };
}

/**
 * Return what a name after a text would be: "class", "property", or "end" behind a group, where
 * only words of the language and variables can follow; "" where it can be anything.
 */
export function placeOf(before) {
  const plain = before.replace(OTHER, (found) => (found[0] === "#" ? " " : "x"));
  const parts = plain.split(/([{}[\];]|\.(?=\s|$))/);
  const [mark, words] = [parts.at(-2) ?? "", parts.at(-1).trim().split(/\s+/).filter(Boolean)];
  const first = words[0] ?? "";
  if (mark === "}" && (words.length === 0 || MODIFIERS.test(first))) return "end";
  if (/^[A-Za-z]+$/.test(first) && first !== "a") return "";
  const subject = mark === ";" || mark === "[" ? 0 : 1;
  const last = words.at(-1) ?? "";
  if (words.length === subject + 1 && /^(a|rdf:type)$/.test(last)) return "class";
  const inPath = words.length === subject + 1 && /[/|^(!]$/.test(last);
  return words.length === subject || inPath ? "property" : "";
}

function variables(state, typed) {
  const found = new Set(state.doc.toString().match(/[?$]\w+/g));
  found.delete(typed.text);
  const options = [...found].sort().map((label) => ({ label, type: "variable" }));
  return options.length ? { from: typed.from, options, validFor: /^[?$]\w*$/ } : null;
}

function search(names, typed, place) {
  const wanted = typed.toLowerCase();
  const found = [];
  const add = (group, entries) => {
    const boost = group === place ? 10 : 0;
    for (const [name, label, definition] of entries) {
      const rank = score(wanted, name, label);
      if (rank) found.push({ rank: rank + boost, size: (label || name).length, name, label, definition, group });
    }
  };
  add("class", names.classes);
  add("property", names.properties);
  add("thing", names.things);
  // Of two that begin with what was typed, the shorter is the nearer to it.
  found.sort((a, b) => b.rank - a.rank || a.size - b.size || (a.name < b.name ? -1 : 1));
  const options = found.slice(0, MOST).map((each) => option(names.prefixes, each));
  if (wanted.includes(":")) return options;
  const prefixes = Object.keys(names.prefixes)
    .filter((prefix) => wanted && prefix.startsWith(wanted))
    .map((prefix) => prefixOption(names.prefixes, prefix));
  const words = WORDS.filter((word) => wanted && word.toLowerCase().startsWith(wanted)).map(
    (label) => ({ label, type: "keyword" }),
  );
  return [...words, ...prefixes, ...options];
}

/** Return how well a name fits what was typed, 0 where it does not. */
function score(wanted, name, label) {
  const short = name.toLowerCase();
  if (wanted === "") return 1;
  const colon = wanted.indexOf(":");
  const words = label.toLowerCase();
  if (colon >= 0) {
    if (!short.startsWith(wanted.slice(0, colon + 1))) return 0;
    const rest = wanted.slice(colon + 1);
    const local = short.slice(colon + 1);
    return local.startsWith(rest) ? 4 : starts(words, rest) ? 3 : local.includes(rest) ? 2 : 0;
  }
  if (words === wanted) return 6;
  if (words.startsWith(wanted)) return 5;
  if (short.slice(short.indexOf(":") + 1).startsWith(wanted)) return 4;
  if (starts(words, wanted)) return 3;
  return words.includes(wanted) ? 2 : 0;
}

function starts(words, wanted) {
  return words.split(/[\s(-]+/).some((word) => word.startsWith(wanted));
}

function option(prefixes, { name, label, definition, group }) {
  return {
    label: name,
    displayLabel: label || name,
    detail: label ? name : undefined,
    info: definition || undefined,
    type: group,
    apply: (view, chosen, from, to) => insert(view, chosen, from, to, name, prefixes),
  };
}

function prefixOption(prefixes, prefix) {
  return {
    label: `${prefix}:`,
    detail: prefixes[prefix],
    type: "namespace",
    apply: (view, chosen, from, to) => {
      const declared = insert(view, chosen, from, to, `${prefix}:`, prefixes);
      if (!declared) startCompletion(view);
    },
  };
}

/** Write a name, and declare its prefix; returns whether the name was a declaration itself. */
function insert(view, chosen, from, to, name, prefixes) {
  const prefix = name.startsWith("<") ? null : name.split(":")[0];
  const text = view.state.doc.toString();
  // A declaration that is being written declares itself.
  const declaring = /\bPREFIX\s+$/i.test(text.slice(0, from));
  const needed = prefix && !declaring && declaration(text, prefix, prefixes[prefix]);
  const written = declaring ? `${prefix}: <${prefixes[prefix]}>` : name;
  const changes = [...(needed ? [needed] : []), { from, to, insert: written }];
  const moved = needed && needed.from <= from ? needed.insert.length : 0;
  view.dispatch({
    changes,
    selection: { anchor: from + moved + written.length },
    annotations: pickedCompletion.of(chosen),
    userEvent: "input.complete",
    scrollIntoView: true,
  });
  return declaring;
}
