// Answers: what the endpoint gives, read as rows of terms under names.

const TERM =
  /<([^>]*)>|_:(\S+)|"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?/gy;
const SHORT = { t: "\t", b: "\b", n: "\n", r: "\r", f: "\f" };

/** Return `{names, rows, triples}`; a row has a term for each name that is bound. */
export function readAnswer(media, text) {
  if (media.startsWith("application/n-triples")) return readTriples(text);
  const found = JSON.parse(text);
  if ("boolean" in found) {
    const answer = { type: "literal", value: String(found.boolean) };
    return { names: ["answer"], rows: [{ answer }], triples: false };
  }
  return { names: found.head.vars, rows: found.results.bindings, triples: false };
}

function readTriples(text) {
  const names = ["subject", "predicate", "object"];
  const rows = [];
  for (const line of text.split("\n")) {
    if (!line.trim()) continue;
    const row = {};
    let at = 0;
    for (const name of names) {
      while (line[at] === " ") at += 1;
      TERM.lastIndex = at;
      const found = TERM.exec(line);
      if (!found) throw new SyntaxError(`This line is no N-Triples: ${line}`);
      at = TERM.lastIndex;
      row[name] = readTerm(found);
    }
    rows.push(row);
  }
  return { names, rows, triples: true };
}

function readTerm([, iri, blank, words, language, datatype]) {
  if (iri !== undefined) return { type: "uri", value: unescape(iri) };
  if (blank !== undefined) return { type: "bnode", value: blank };
  const term = { type: "literal", value: unescape(words) };
  if (language) term["xml:lang"] = language;
  if (datatype) term.datatype = datatype;
  return term;
}

function unescape(text) {
  return text.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g, (_, four, eight, one) =>
    one === undefined ? String.fromCodePoint(parseInt(four ?? eight, 16)) : (SHORT[one] ?? one),
  );
}
