// Engine: the store of this page, in a worker that is there from the first query on.

const gone = () => new DOMException("The query was cancelled.", "AbortError");

/** Files that were fetched, by URL: after a cancellation the store is made of them anew. */
const kept = new Map();

/** Tell whether a file is here already, so that loading it costs nothing. */
export async function isKept({ url }) {
  return kept.has(url) || Boolean(await globalThis.caches?.match(url));
}

/** Keep files no longer: one of them is not what it should be. */
async function forget(files) {
  const names = (await globalThis.caches?.keys()) ?? [];
  for (const cache of await Promise.all(names.map((name) => caches.open(name)))) {
    await Promise.all(files.map(({ url }) => cache.delete(url)));
  }
  for (const { url } of files) kept.delete(url);
}

export class Engine {
  #worker = null;
  #waiting = new Map();
  #number = 0;
  #holds = "";

  /** Whether the store is there and holds these files. */
  holds(files) {
    return this.#worker !== null && this.#holds === names(files);
  }

  /**
   * Have the store hold some files of TriG or N-Quads and nothing else. `tell` is called with the
   * number of bytes that have come each time some come. Throws where a file cannot be had or read.
   */
  async load(wasm, files, { signal, tell }) {
    if (this.holds(files)) return;
    this.#end(gone());
    const worker = this.#begin();
    const stop = () => this.#end(gone());
    signal.addEventListener("abort", stop);
    try {
      const started = fetched(wasm, signal, tell).then((file) => this.#ask(worker, "start", { file }));
      const [, ...data] = await Promise.all([started, ...files.map((file) => fetched(file, signal, tell))]);
      for (const [at, file] of data.entries()) await this.#read(worker, files[at], file);
      const [quads, expected] = [await this.#ask(worker, "size"), sum(files)];
      if (quads !== expected) {
        throw new Error(`${quads} statements came, but the site tells of ${expected}. Load the page again.`);
      }
      this.#holds = names(files);
    } catch (error) {
      if (worker === this.#worker) this.#end(error);
      if (error.name !== "AbortError") await forget([wasm, ...files]);
      throw error;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  /** Return what the worker answers to a query; an abort ends the worker, and the store with it. */
  async query(given, { signal }) {
    const stop = () => this.#end(gone());
    signal.addEventListener("abort", stop);
    try {
      return await this.#ask(this.#worker, "query", given);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  async #read(worker, { file: name }, file) {
    const format = name.endsWith(".trig.gz") ? "application/trig" : "application/n-quads";
    try {
      await this.#ask(worker, "load", { file, format });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Error(`${name} cannot be read: ${error.message}. Load the page again.`);
    }
  }

  #begin() {
    const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data: { number, value, error } }) => {
      const waiting = this.#waiting.get(number);
      if (!waiting) return;
      this.#waiting.delete(number);
      if (!error) waiting.resolve(value);
      else if (error.name === "Error") waiting.reject(new Error(error.message));
      else {
        waiting.reject(new Error(broken(error)));
        this.#end(gone());
      }
    });
    worker.addEventListener("error", ({ message }) => {
      if (worker === this.#worker) this.#end(new Error(broken({ name: "", message: message ?? "" })));
    });
    this.#worker = worker;
    return worker;
  }

  /** End the worker, whatever it does; who waits for it is told why. */
  #end(why) {
    this.#worker?.terminate();
    this.#worker = null;
    for (const { reject } of this.#waiting.values()) reject(why);
    this.#waiting.clear();
  }

  #ask(worker, task, given) {
    return new Promise((resolve, reject) => {
      if (worker !== this.#worker) throw gone();
      this.#number += 1;
      this.#waiting.set(this.#number, { resolve, reject });
      worker.postMessage({ number: this.#number, task, given });
    });
  }
}

function sum(files) {
  return files.reduce((all, { quads }) => all + quads, 0);
}

function names(files) {
  return files.map(({ url }) => url).join("\n");
}

/** Return why the engine cannot be relied on any more, and what helps. */
function broken({ name, message }) {
  if (name === "RuntimeError" || name === "RangeError") {
    return "The query takes more memory than the browser gives. Ask for less: bind a variable, or add a LIMIT.";
  }
  const policy = "A host that sends a Content-Security-Policy must allow 'wasm-unsafe-eval' in it.";
  return `The engine cannot be started in this browser: ${message || "its script cannot be fetched"}. Load the page again. ${policy}`;
}

async function fetched({ url }, signal, tell) {
  if (!kept.has(url)) {
    const { pathname } = new URL(url);
    const response = await fetch(url, { signal }).catch((error) => {
      if (error.name === "AbortError") throw error;
      throw new Error(`${pathname} cannot be fetched. Look at your connection, then try again.`);
    });
    if (!response.ok) {
      throw new Error(
        `${pathname} cannot be fetched: the host answered ${response.status}. ` +
          "Load the page again; if that does not help, this copy of the site is not complete.",
      );
    }
    const parts = [];
    const reader = response.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parts.push(part.value);
      tell(part.value.length);
    }
    kept.set(url, new Uint8Array(await new Blob(parts).arrayBuffer()));
  }
  return kept.get(url);
}
