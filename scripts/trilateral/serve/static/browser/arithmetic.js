// Arithmetic: brackets that say what SPARQL says without them: `a - b - c` is `(a - b) - c`.
//
// Oxigraph reads such a row of operators from the right in all versions that npm has (0.5.11 is
// the last), and from the left in that of the server. With a later one this file can go.

import { OTHER } from "../editor/names.js";

const HELD = "\ue000"; // stands for text and IRIs, which can hold any character
const TOKEN = RegExp(
  [
    "[?$][\\p{L}\\p{N}_]+",
    "(?:\\p{L}[\\p{L}\\p{N}_.-]*)?:[\\p{L}\\p{N}_.:%-]*",
    "\\d+\\.?\\d*(?:e[+-]?\\d+)?|\\.\\d+",
    "[\\p{L}_][\\p{L}\\p{N}_]*",
    `${HELD}+|@[\\w-]+|\\^\\^|&&|\\|\\||[<>!]=|\\S`,
  ].join("|"),
  "giu",
);
const OPERAND = RegExp(`[)}\\p{L}\\p{N}_:.${HELD}]$`, "u");
const ENDS = /^(?:[<>!]?=|[<>!,;]|&&|\|\||AS|IN|NOT|DISTINCT)$/i;
const CLAUSES = /^(?:SELECT|GROUP|HAVING|ORDER)$/;

/** Return a query whose operators of equal rank are read from the left. */
export function fromTheLeft(text) {
  const changes = [];
  for (const { start, operators } of rowsOf(text)) {
    const signs = operators.map(({ sign }) => sign);
    if (signs.length < 2 || !(signs.includes("-") || signs.includes("/"))) continue;
    changes.push({ at: start, insert: "(".repeat(signs.length - 1) });
    for (const { at } of operators.slice(1)) changes.push({ at, insert: ")" });
  }
  changes.sort((a, b) => b.at - a.at);
  return changes.reduce((done, { at, insert }) => done.slice(0, at) + insert + done.slice(at), text);
}

/** Return the rows of operators of equal rank, where each begins and which it has. */
function rowsOf(text) {
  const bare = text.replace(OTHER, (found) => (found[0] === "#" ? " " : HELD).repeat(found.length));
  const rows = [];
  const levels = [{ expression: false }];
  let [clause, before, last] = ["", "", ""];
  for (const { 0: token, index: at } of bare.matchAll(TOKEN)) {
    const level = levels.at(-1);
    const sign = /^[-+*/]$/.test(token) && OPERAND.test(last) && level.product;
    if (token === ")" || token === "}") {
      end(level, rows);
      if (levels.length > 1) levels.pop();
      if (token === "}") clause = "";
    } else if (level.expression && ENDS.test(token)) {
      end(level, rows);
    } else if (sign && /[*/]/.test(token)) {
      level.product.operators.push({ at, sign: token });
    } else if (sign) {
      rows.push(level.product);
      level.product = null;
      level.sum.operators.push({ at, sign: token });
    } else {
      // Anything else is an operand or belongs to one.
      if (level.expression) level.sum ??= { start: at, operators: [] };
      if (level.expression) level.product ??= { start: at, operators: [] };
      const opens = clause || before === "FILTER" || last === "FILTER" || last === "BIND";
      if (token === "(") levels.push({ expression: Boolean(level.expression || opens) });
      if (token === "{") levels.push({ expression: false });
      if (token === "{") clause = "";
    }
    [before, last] = [last, token.toUpperCase()];
    if (CLAUSES.test(last) && !level.expression) clause = last;
  }
  return rows;
}

function end(level, rows) {
  if (level.product) rows.push(level.product);
  if (level.sum) rows.push(level.sum);
  level.sum = level.product = null;
}
