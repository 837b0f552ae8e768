// Source: queries answered in the browser, by a store that is loaded when a reader asks for it.

import { say } from "../editor/words.js";
import { fromTheLeft } from "./arithmetic.js";
import { makeChoice, size } from "./choice.js";
import { csvOf } from "./csv.js";
import { Engine } from "./engine.js";
import { keep } from "./keep.js";
import { Refused } from "./refused.js";
import { explain, hasDataset, hasService } from "./text.js";

const ROWS = "application/sparql-results+json";
const TRIPLES = "application/n-triples";
const FORMATS = {
  json: { rows: ROWS },
  csv: { rows: ROWS, media: "text/csv; charset=utf-8; header=present", write: csvOf },
  tsv: { rows: "text/tab-separated-values" },
  xml: { rows: "application/sparql-results+xml" },
  ttl: { triples: "text/turtle" },
  nt: { triples: TRIPLES },
  rdf: { triples: "application/rdf+xml" },
  jsonld: { triples: "application/ld+json" },
};

/**
 * Return what answers queries, as `server.js` does. `place` is where the data are chosen, `run`
 * the button that says what that costs, `load` is called to load the data alone.
 */
export function makeSource({ place, run, load, base, prefixes }) {
  const engine = new Engine();
  const choice = makeChoice(place, { changed: show, load });
  const words = run.textContent;

  /** Say what is to be loaded; returns whether a query can be answered without that. */
  async function show() {
    const loaded = engine.holds(choice.files());
    const bytes = loaded ? 0 : await choice.missing();
    choice.show(loaded, bytes);
    run.textContent = bytes ? say("load-and-run", { size: size(bytes) }) : words;
    return bytes === 0;
  }

  async function fill({ signal, tell }) {
    await choice.open();
    const files = choice.files();
    if (!files.length) throw new Error("No graph is chosen. Choose at least one in the list of the data, or all.");
    const all = await choice.missing();
    let come = 0;
    const more = (bytes) => {
      // A host that unpacks what it sends gives more bytes than it sends.
      come = Math.min(come + bytes, all);
      tell(come < all ? say("loading", { done: size(come), size: size(all) }) : say("reading"));
    };
    if (engine.holds(files)) return;
    more(0);
    await engine.load(choice.engine(), files, { signal, tell: more });
    keep([choice.engine(), ...files].map(({ url }) => url));
  }

  async function ask(text, media, given) {
    if (hasService(text)) {
      throw new Refused(
        "The query asks another endpoint with SERVICE; this page makes no connection. " +
          "Ask that endpoint itself and join the answers.",
      );
    }
    await prepare(given);
    given.tell(say("running"));
    const query = { text: fromTheLeft(text), base, union: !hasDataset(text), ...media };
    try {
      return { ...(await engine.query(query, given)), note: choice.note() };
    } catch (error) {
      throw refused(error, explain(error.message, query.text, prefixes));
    } finally {
      show();
    }
  }

  /** Load what is chosen, unless that is there. */
  async function prepare(given) {
    try {
      await fill(given);
    } catch (error) {
      throw refused(error, error.message);
    } finally {
      show();
    }
  }

  return {
    /** Read what can be loaded; returns whether a query can be answered without loading. */
    async open() {
      await choice.open().catch((error) => {
        throw refused(error, error.message);
      });
      return show();
    },

    prepare,

    answer: (text, given) => ask(text, { rows: ROWS, triples: TRIPLES }, given),

    async download(text, format, given) {
      const { rows, triples, media, write } = FORMATS[format];
      const found = await ask(text, { rows, triples }, given);
      return write ? { media, body: write(found.body) } : found;
    },
  };
}

function refused(error, message) {
  return error.name === "AbortError" ? error : new Refused(message);
}
