// CSV: rows for spreadsheets, with no cell that one would run as a formula; as on the server.

const STARTS = /^[=+\-@\t\r\n＝＋－＠]/;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Return an answer in the SPARQL 1.1 Query Results JSON Format as CSV (RFC 4180). */
export function csvOf(text) {
  const { head, boolean, results } = JSON.parse(text);
  if (results === undefined) return `${boolean}\r\n`;
  const rows = results.bindings.map((row) => head.vars.map((name) => cell(row[name])));
  // A line without anything on it would be no row.
  return [head.vars, ...rows].map((row) => `${row.map(quoted).join(",") || '""'}\r\n`).join("");
}

function cell(term) {
  const text = term === undefined ? "" : term.type === "bnode" ? `_:${term.value}` : term.value;
  return STARTS.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}

function quoted(text) {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
