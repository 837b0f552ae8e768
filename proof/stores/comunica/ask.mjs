// Ask queries of N-Quads with Comunica: ask.mjs DATA QUERIES OUT. Each line of OUT is one answer.
import { appendFileSync, readFileSync } from "node:fs";
import { QueryEngine } from "@comunica/query-sparql-rdfjs-lite";
import { Parser, Store } from "n3";

const [data, queries, out] = process.argv.slice(2);
const parser = new Parser({ format: "N-Quads" });
const store = new Store(parser.parse(readFileSync(data, "utf8")));
const engine = new QueryEngine();

const plain = (term) =>
  term && { type: term.termType, value: term.value, language: term.language, datatype: term.datatype?.value };

for (const [name, { query, variables }] of Object.entries(JSON.parse(readFileSync(queries, "utf8")))) {
  const begun = Date.now();
  const answer = { name };
  try {
    const stream = await engine.queryBindings(query, { sources: [store], unionDefaultGraph: true });
    const rows = await stream.toArray();
    answer.rows = rows.map((row) => variables.map((variable) => plain(row.get(variable)) ?? null));
  } catch (error) {
    answer.error = String(error);
  }
  answer.seconds = (Date.now() - begun) / 1000;
  appendFileSync(out, `${JSON.stringify(answer)}\n`);
}
