// Ask queries of N-Quads with Comunica: ask.mjs DATA QUERIES SECONDS. Each line printed is one answer.
// A worker holds the data and asks, so that a query which takes longer than SECONDS can be ended.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import { QueryEngine } from "@comunica/query-sparql-rdfjs-lite";
import { Parser, Store } from "n3";

const plain = (term) =>
  term && { type: term.termType, value: term.value, language: term.language, datatype: term.datatype?.value };

const hold = (data) => {
  const store = new Store(new Parser({ format: "N-Quads" }).parse(readFileSync(data, "utf8")));
  const engine = new QueryEngine();
  parentPort.on("message", async ({ query, variables }) => {
    try {
      const stream = await engine.queryBindings(query, { sources: [store], unionDefaultGraph: true });
      const rows = await stream.toArray();
      parentPort.postMessage({ rows: rows.map((row) => variables.map((name) => plain(row.get(name)) ?? null)) });
    } catch (error) {
      parentPort.postMessage({ error: String(error) });
    }
  });
  parentPort.postMessage("ready");
};

const ask = async (worker, asked, seconds) => {
  const limit = AbortSignal.timeout(seconds * 1000);
  worker.postMessage(asked);
  try {
    const [answer] = await once(worker, "message", { signal: limit });
    return answer;
  } catch (error) {
    // The limit, or what ended the worker, such as a want of memory.
    return { error: limit.aborted ? `it took longer than ${seconds} s` : String(error), ended: true };
  }
};

const main = async (data, queries, seconds) => {
  let worker = null;
  for (const [name, asked] of Object.entries(JSON.parse(readFileSync(queries, "utf8")))) {
    if (!worker) {
      worker = new Worker(new URL(import.meta.url), { workerData: data });
      await once(worker, "message");
    }
    const begun = Date.now();
    const { ended, ...answer } = await ask(worker, asked, seconds);
    console.log(JSON.stringify({ name, ...answer, seconds: (Date.now() - begun) / 1000 }));
    if (ended) {
      await worker.terminate();
      worker = null;
    }
  }
  await worker?.terminate();
};

if (isMainThread) {
  const [data, queries, seconds] = process.argv.slice(2);
  await main(data, queries, Number(seconds));
} else {
  hold(workerData);
}
