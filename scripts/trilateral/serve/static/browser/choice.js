// Choice: which graphs the store of the browser holds, and how many bytes that costs, shown first.

import { html } from "../editor/element.js";
import { fileUrl } from "../editor/place.js";
import { count, say } from "../editor/words.js";
import { isKept } from "./engine.js";

/** Return a number of bytes as people read it: `1.2 MB`. */
export function size(bytes) {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Return the panel of the choice; `changed` is called at each change, `load` to load at once. */
export function makeChoice(place, { changed, load }) {
  const some = new Set();
  let site = null;
  const radio = (checked) => html("input", { type: "radio", name: "graphs", checked });
  const [all, chosen] = [radio(true), radio(false)];
  const [cost, allWords] = [html("span", {}), html("span", {})];
  const list = html("ul", {});
  const finding = { type: "search", autocomplete: "off", "aria-label": say("find-graph"), placeholder: say("find-graph") };
  const filter = html("input", finding);
  const graphs = html("div", { hidden: true }, filter, list);
  const button = html("button", { type: "button" });
  place.replaceChildren(
    html("summary", {}, say("data"), " ", cost),
    html("p", {}, say("about-engine")),
    html("p", {}, html("label", {}, all, " ", allWords)),
    html("p", {}, html("label", {}, chosen, " ", say("some-graphs"))),
    graphs,
    button,
  );
  place.hidden = true;
  place.open = false;

  for (const each of [all, chosen]) {
    each.addEventListener("change", () => {
      graphs.hidden = all.checked;
      changed();
    });
  }
  button.addEventListener("click", load);
  filter.addEventListener("input", () => {
    const words = filter.value.toLowerCase().split(/\s+/);
    for (const item of list.children) {
      const text = item.textContent.toLowerCase();
      item.hidden = !words.every((word) => text.includes(word));
    }
  });

  const row = (graph) => {
    const box = html("input", { type: "checkbox" });
    box.addEventListener("change", () => {
      if (box.checked) some.add(graph);
      else some.delete(graph);
      changed();
    });
    const words = html("span", { class: "soft" }, `${count("triples", graph.quads)}, ${size(graph.bytes_gzip)}`);
    return html("li", {}, html("label", {}, box, ` ${graph.label} `, words));
  };

  return {
    /** Read what there is to choose from; throws where the site does not tell. */
    async open() {
      if (site) return;
      site = await readSite();
      const words = { triples: count("triples", site.dataset.quads), size: size(site.dataset.bytes_gzip) };
      allWords.textContent = say("all-graphs", words);
      list.replaceChildren(...site.graphs.map(row));
      place.hidden = false;
    },

    /** The WebAssembly of the engine. */
    engine: () => site.engine,

    /** The files that are chosen, one for all graphs or one for each. */
    files: () => (all.checked ? [site.dataset] : [...some]),

    /** What to know of an answer that comes from some graphs alone, "" where from all. */
    note: () => (all.checked ? "" : say("part", { chosen: some.size, all: site.graphs.length })),

    /** The bytes that must still come for what is chosen. */
    async missing() {
      const wanted = [site.engine, ...this.files()];
      const here = await Promise.all(wanted.map(isKept));
      return wanted.filter((_, at) => !here[at]).reduce((sum, each) => sum + each.bytes_gzip, 0);
    },

    /** Say what is loaded, or how many bytes are to come. */
    show(loaded, bytes) {
      const triples = this.files().reduce((sum, { quads }) => sum + quads, 0);
      if (loaded) cost.textContent = say("loaded", { triples: count("triples", triples) });
      else cost.textContent = bytes ? say("to-load", { size: size(bytes) }) : say("kept");
      button.hidden = loaded;
      button.textContent = bytes ? say("load", { size: size(bytes) }) : say("load-kept");
    },
  };
}

/** Return what `data/browser.json` and `data/graphs.json` tell of the files, with their URLs. */
async function readSite() {
  try {
    const [site, graphs] = await Promise.all(
      ["/data/browser.json", "/data/graphs.json"].map(async (path) => (await fetch(fileUrl(path))).json()),
    );
    // The version keeps these files apart from those of another one in any cache.
    const known = (each) => ({ ...each, url: `${fileUrl(`/${each.file}`)}?v=${site.version}` });
    return { engine: known(site.engine), dataset: known(site.dataset), graphs: graphs.map(known) };
  } catch {
    throw new Error("The list of the data, data/graphs.json, cannot be read. Look at your connection, then load the page again.");
  }
}
