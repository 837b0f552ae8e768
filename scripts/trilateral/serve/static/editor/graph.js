// Graph: triples, or rows with two columns of things, as circles and lines between them.

import { forceCenter, forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "d3-force";
import { choice, html, svg } from "./element.js";
import { columns } from "./terms.js";
import { count, say } from "./words.js";

const MOST = 500;
const WIDE = 760;
const HIGH = 520;
const STEPS = 300;
const FEW = 20; // of so many things, names are hardly cut
const LETTER = 3.4; // half of one, about: names beside each other keep apart
const NAMED = 25; // of many things, those with most links have their names beside them

/** Return `{nodes, links}` of the terms in two columns; values that are text are left out. */
export function graphOf(answer, terms, from, to) {
  const nodes = new Map();
  const node = (row, name) => {
    const term = row[name];
    const id = `${term.type} ${term.value}`;
    const given = row[`${name}Label`];
    const text = given ? terms.text(given) : terms.label(term) || terms.text(term);
    const made = { id, text, href: terms.href(term), full: terms.text(term), links: 0 };
    if (!nodes.has(id)) nodes.set(id, made);
    nodes.get(id).links += 1;
    return nodes.get(id);
  };
  const links = [];
  for (const row of answer.rows) {
    if (!row[from] || !row[to] || row[to].type === "literal") continue;
    const text = answer.triples ? terms.label(row.predicate) || terms.text(row.predicate) : "";
    links.push({ source: node(row, from), target: node(row, to), text });
  }
  return { nodes: [...nodes.values()], links };
}

/** Show an answer as a graph in a place; which columns it takes can be chosen. */
export function showGraph(place, answer, terms) {
  const things = columns(answer, (term) => term.type !== "literal");
  let [from, to] = answer.triples ? ["subject", "object"] : things;
  const drawn = html("div", {});
  const draw = () => {
    const graph = to ? graphOf(answer, terms, from, to) : { nodes: [], links: [] };
    drawn.replaceChildren(...shown(graph));
  };
  const chosen = html(
    "div",
    { class: "buttons" },
    choice(say("from"), things, from, (name) => ((from = name), draw())),
    choice(say("to"), things, to, (name) => ((to = name), draw())),
  );
  place.replaceChildren(...(answer.triples || !to ? [] : [chosen]), drawn);
  draw();
}

function shown({ nodes, links }) {
  if (!links.length) {
    return [html("p", {}, say("needs-things"))];
  }
  if (nodes.length > MOST) {
    return [html("p", {}, say("too-many", { number: nodes.length, most: MOST }))];
  }
  const many = nodes.length > 60;
  const longest = nodes.length > FEW ? 28 : 44;
  for (const node of nodes) node.name = cut(node.text, longest);
  forceSimulation(nodes)
    .force("link", forceLink(links).distance(many ? 40 : 90))
    .force("push", forceManyBody().strength(many ? -60 : -260))
    .force("apart", forceCollide((node) => (many ? 8 : Math.max(22, LETTER * node.name.length))))
    .force("middle", forceCenter(0, 0))
    .force("x", forceX().strength(0.05))
    .force("y", forceY().strength(0.08))
    .stop()
    .tick(STEPS);
  const size = { things: count("things", nodes.length), links: count("links", links.length) };
  return [
    html("div", { class: "drawing" }, drawing(nodes, links, many)),
    html("p", { class: "soft" }, say("size", size)),
  ];
}

function drawing(nodes, links, many) {
  const [left, top] = [Math.min(...nodes.map((n) => n.x)), Math.min(...nodes.map((n) => n.y))];
  const across = Math.max(...nodes.map((n) => n.x)) - left || 1;
  const down = Math.max(...nodes.map((n) => n.y)) - top || 1;
  const side = many ? 100 : Math.max(100, LETTER * Math.max(...nodes.map((n) => n.name.length)) + 20);
  const fits = Math.min((WIDE - 2 * side) / across, (HIGH - 60) / down, 1.6);
  // All names are shown of few things: the drawing grows, lest they lie on each other.
  const scale = many ? fits : Math.max(1, fits);
  const wide = Math.max(WIDE, across * scale + 2 * side);
  const high = Math.max(HIGH, down * scale + 60);
  const x = (node) => side + (wide - 2 * side - across * scale) / 2 + (node.x - left) * scale;
  const y = (node) => 30 + (high - 60 - down * scale) / 2 + (node.y - top) * scale;
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
  const least = many ? [...nodes].sort((a, b) => b.links - a.links)[NAMED].links : 0;
  const circles = nodes.map((node) => {
    const dot = svg("circle", { class: "dot", cx: x(node), cy: y(node), r: many ? 5 : 8 });
    const group = svg("g", {}, dot, svg("title", {}, node.full));
    return node.href === null ? group : svg("a", { href: node.href, "aria-label": node.text }, group);
  });
  const names = nodes
    .filter((node) => !many || node.links > least)
    .map((node) =>
      svg("text", { x: x(node), y: y(node) - 12, "text-anchor": "middle" }, node.name),
    );
  const name = { viewBox: `0 0 ${wide} ${high}`, role: "group", "aria-label": say("graph-of", { number: nodes.length }) };
  return svg("svg", name, ...lines, ...(links.length <= 40 ? words : []), ...circles, ...names);
}

function cut(text, most) {
  const characters = [...text];
  return characters.length > most ? `${characters.slice(0, most - 1).join("")}…` : text;
}
