// Worker: a store of its own thread, so that a query keeps no page waiting and can be ended.

import init, { Store } from "oxigraph";

const ROWS = "application/sparql-results+json";
// Longer answers are refused: a page cannot show them, and the browser would end it.
const LONGEST = 128 << 20;

let store = null;

const tasks = {
  /** Make the engine of the bytes of its WebAssembly. */
  async start({ file }) {
    await init({ module_or_path: await unpacked(file) });
    store = new Store();
  },

  async load({ file, format }) {
    store.load(await unpacked(file), { format, no_transaction: true });
  },

  /** Return how many quads the store has. */
  size: () => store.size,

  /** Answer a query: in `rows` where it gives rows, in `triples` where it gives triples. */
  query({ text, base, union, rows, triples }) {
    const began = performance.now();
    const { media, body } = answer(text, base, union, rows, triples);
    if (body.length > LONGEST) {
      throw new Error(`The answer is longer than ${LONGEST >> 20} MB. Add a LIMIT, or page through it.`);
    }
    return { media, body, seconds: (performance.now() - began) / 1000 };
  },
};

/**
 * The store tells what a query gives only by refusing the formats that cannot hold it, which it
 * does before it works out the answer.
 */
function answer(text, base, union, rows, triples) {
  const options = { base_iri: base, use_default_graph_as_union: union };
  for (const media of [rows, triples].filter(Boolean)) {
    try {
      return { media, body: store.query(text, { ...options, results_format: media }) };
    } catch (error) {
      if (!/^Not supported /.test(error.message)) throw error;
    }
  }
  throw new Error("SELECT and ASK give rows, CONSTRUCT and DESCRIBE give triples: choose another format.");
}

/** Return bytes unpacked where they are gzip; some hosts unpack what they send themselves. */
async function unpacked(bytes) {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

addEventListener("message", async ({ data: { number, task, given } }) => {
  try {
    postMessage({ number, value: await tasks[task](given) });
  } catch (error) {
    postMessage({ number, error: { name: error.name, message: error.message } });
  }
});
