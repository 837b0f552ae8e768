// Graph: triples, or rows with two columns of things, as circles and lines between them.

import { forceCenter, forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "d3-force";
import { html, svg } from "./element.js";
import { columns } from "./terms.js";

const MOST = 500;
const WIDE = 760;
const HIGH = 520;
const STEPS = 300;

/** Return `{nodes, links}` of an answer, null where it has no two columns of things. */
export function graphOf(answer, terms) {
  const things = columns(answer, (term) => term.type !== "literal");
  const [from, to] = answer.triples ? ["subject", "object"] : things;
  if (!to) return null;
  const nodes = new Map();
  const node = (row, name) => {
    const term = row[name];
    const id = `${term.type} ${term.value}`;
    const given = row[`${name}Label`];
    if (!nodes.has(id)) {
      const text = terms.text(given ?? term);
      nodes.set(id, { id, text, href: terms.href(term), full: terms.text(term) });
    }
    return nodes.get(id);
  };
  const links = [];
  for (const row of answer.rows) {
    if (!row[from] || !row[to] || row[to].type === "literal") continue;
    const text = answer.triples ? terms.text(row.predicate) : "";
    links.push({ source: node(row, from), target: node(row, to), text });
  }
  return links.length ? { nodes: [...nodes.values()], links } : null;
}

/** Show an answer as a graph in a place. */
export function showGraph(place, answer, terms) {
  const graph = graphOf(answer, terms);
  if (!graph || graph.nodes.length > MOST) {
    const words = graph
      ? `A graph of ${graph.nodes.length} things cannot be read; ${MOST} can be drawn. Add a LIMIT.`
      : "A graph needs two columns of things, or a CONSTRUCT whose triples link things.";
    place.replaceChildren(html("p", {}, words));
    return;
  }
  const { nodes, links } = graph;
  const many = nodes.length > 60;
  forceSimulation(nodes)
    .force("link", forceLink(links).distance(many ? 40 : 90))
    .force("push", forceManyBody().strength(many ? -60 : -260))
    .force("apart", forceCollide(many ? 8 : 22))
    .force("middle", forceCenter(0, 0))
    .force("x", forceX().strength(0.05))
    .force("y", forceY().strength(0.08))
    .stop()
    .tick(STEPS);
  place.replaceChildren(
    html("div", { class: "drawing" }, drawing(nodes, links, many)),
    html("p", { class: "soft" }, `${nodes.length} things, ${links.length} links.`),
  );
}

function drawing(nodes, links, many) {
  const [left, top] = [Math.min(...nodes.map((n) => n.x)), Math.min(...nodes.map((n) => n.y))];
  const across = Math.max(...nodes.map((n) => n.x)) - left || 1;
  const down = Math.max(...nodes.map((n) => n.y)) - top || 1;
  const scale = Math.min((WIDE - 200) / across, (HIGH - 60) / down, 1.6);
  const x = (node) => 100 + (WIDE - 200 - across * scale) / 2 + (node.x - left) * scale;
  const y = (node) => 30 + (HIGH - 60 - down * scale) / 2 + (node.y - top) * scale;
  const lines = links.map((link) => {
    const [from, to] = [link.source, link.target];
    const line = { class: "link-of", x1: x(from), y1: y(from), x2: x(to), y2: y(to) };
    return svg("line", line, svg("title", {}, `${from.text} ${link.text} ${to.text}`));
  });
  const words = links.map((link) =>
    svg(
      "text",
      {
        class: "link-text",
        x: (x(link.source) + x(link.target)) / 2,
        y: (y(link.source) + y(link.target)) / 2,
        "text-anchor": "middle",
      },
      link.text,
    ),
  );
  const circles = nodes.map((node) => {
    const dot = svg("circle", { class: "dot", cx: x(node), cy: y(node), r: many ? 5 : 8 });
    const text = svg("text", { x: x(node), y: y(node) - 12, "text-anchor": "middle" }, cut(node.text));
    const group = svg("g", {}, dot, svg("title", {}, node.full), many ? null : text);
    return node.href === null ? group : svg("a", { href: node.href, "aria-label": node.text }, group);
  });
  const name = { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "group", "aria-label": `Graph of ${nodes.length} things` };
  return svg("svg", name, ...lines, ...(links.length <= 40 ? words : []), ...circles);
}

function cut(text) {
  const characters = [...text];
  return characters.length > 28 ? `${characters.slice(0, 27).join("")}…` : text;
}
