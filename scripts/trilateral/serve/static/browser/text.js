// Text: what can be told of a query without running it, and why it is none; as on the server.

import { OTHER } from "../editor/names.js";

const PLACE = /error at (\d+):(\d+): ([^]*)/;
const CHANGES = /^(?:insert|delete|load|clear|drop|create|add|move|copy|with)$/i;
// So much of a line is shown where it cannot be read.
const SHOWN = 40;

/** Return the words of a query that are no variables and no names with a prefix. */
function keywords(text) {
  const words = text.replace(OTHER, " ").match(/[?$@]?[\p{L}\p{N}_:-]+/gu) ?? [];
  return words.filter((word) => /^[^?$@]/.test(word) && !word.includes(":"));
}

/** Tell whether a query names the graphs that it is about, with FROM or FROM NAMED. */
export function hasDataset(text) {
  return keywords(text).some((word) => /^from$/i.test(word));
}

/** Tell whether a query asks another endpoint, with SERVICE or SERVICE SILENT. */
export function hasService(text) {
  return keywords(text).some((word) => /service/i.test(word));
}

/** Return what is wrong with a query and where, from what its parser says. */
export function explain(error, text, prefixes) {
  const undeclared = /Prefix not found/.test(error) && undeclaredIn(text);
  if (undeclared) {
    const space = prefixes[undeclared] ?? "the IRI that it stands for";
    return `The prefix ${undeclared}: is not declared. Begin with "PREFIX ${undeclared}: <${space}>".`;
  }
  const place = PLACE.exec(error);
  if (!place) return error;
  const [line, column, rest] = restAt(text, Number(place[1]), Number(place[2]));
  const shown = rest.length > SHOWN ? `${rest.slice(0, SHOWN)}…` : rest;
  const why = rest ? `it cannot be read on from '${shown}'.` : "something is missing at its end or before.";
  const told = `Line ${line}, column ${column}: ${why}`;
  const [first = ""] = keywords(text);
  if (CHANGES.test(first)) return `${told} ${first.toUpperCase()} changes data, which nobody can here.`;
  const expected = place[3].trim().replace(/\s+/g, " ");
  const readable = expected.length < 80 && !expected.includes("_");
  return readable ? `${told} The parser says: expected ${expected.replace(/^expected /, "")}.` : told;
}

/** Return where the word at a place begins, as the parser may stop within it, and what follows. */
function restAt(text, line, column) {
  const found = text.split("\n")[line - 1] ?? "";
  const stopped = [...found].slice(0, column - 1).join("");
  const within = /^[\p{L}\p{N}_:]/u.test(found.slice(stopped.length));
  const before = within ? stopped.replace(/[?$]?[\p{L}\p{N}_:]*$/u, "") : stopped;
  return [line, [...before].length + 1, found.slice(before.length).trim()];
}

function undeclaredIn(text) {
  const blank = text.replace(OTHER, " ");
  const declared = new Set([...blank.matchAll(/\bPREFIX\s+([\p{L}\w-]*):/giu)].map(([, name]) => name));
  const used = blank.matchAll(/(?<![\p{L}\w:?$@.-])([\p{L}][\p{L}\w-]*):/gu);
  return [...used].map(([, name]) => name).find((name) => !declared.has(name));
}
