// Chart: a column of labels and one of numbers as bars, days and numbers as a line.

import { choice, html, svg } from "./element.js";
import { columns, numberOf, timeOf } from "./terms.js";
import { say } from "./words.js";

const WIDE = 760;
const BAR = 22;
const MOST = 200;

/** Show an answer as a chart in a place; which columns it takes can be chosen. */
export function showChart(place, answer, terms) {
  const numbers = columns(answer, (term) => !Number.isNaN(numberOf(term)));
  const others = answer.names.filter((name) => !numbers.includes(name));
  const labels = others.length ? others : answer.names;
  if (!numbers.length) {
    place.replaceChildren(html("p", {}, say("needs-numbers")));
    return;
  }
  const days = columns(answer, (term) => !Number.isNaN(timeOf(term)));
  const spoken = labels.filter((name) => name.endsWith("Label"));
  let label = days[0] ?? spoken[0] ?? labels[0];
  // Where a place lies is for the map; what there is to compare comes first.
  const compared = numbers.filter((name) => !/^(lat|lon|lng)/i.test(name));
  let number = compared.find((name) => name !== label) ?? numbers[0];
  const drawing = html("div", { class: "drawing" });
  const draw = () => {
    const points = answer.rows.filter((row) => row[number]).map((row) => ({
      text: terms.text(row[label]),
      href: terms.href(row[label.replace(/Label$/, "")]),
      time: timeOf(row[label]),
      value: numberOf(row[number]),
    }));
    const name = say("by", { numbers: number, labels: label });
    drawing.replaceChildren(
      ...(days.includes(label) ? line(points, name) : bars(points, name)),
    );
  };
  const chosen = html(
    "div",
    { class: "buttons" },
    choice(say("labels"), answer.names, label, (name) => ((label = name), draw())),
    choice(say("numbers"), numbers, number, (name) => ((number = name), draw())),
  );
  place.replaceChildren(chosen, drawing);
  draw();
}

function bars(points, name) {
  const shown = points.slice(0, MOST);
  const room = Math.min(300, 12 + 7 * Math.max(...shown.map((point) => width(point.text))));
  const least = Math.min(0, ...shown.map((point) => point.value));
  const most = Math.max(0, ...shown.map((point) => point.value));
  const scale = (WIDE - room - 70) / (most - least || 1);
  const zero = room - least * scale;
  const rows = shown.map((point, index) => {
    const top = index * BAR;
    const long = Math.abs(point.value) * scale;
    const left = point.value < 0 ? zero - long : zero;
    const words = svg("text", { x: room - 8, y: top + 15, "text-anchor": "end" }, cut(point.text));
    words.append(svg("title", {}, point.text));
    const linked = point.href === null ? words : svg("a", { href: point.href }, words);
    return svg(
      "g",
      {},
      linked,
      svg("rect", { class: "bar-of", x: left, y: top + 3, width: long, height: BAR - 6 }),
      svg("text", { x: Math.max(left + long, zero) + 6, y: top + 15 }, String(point.value)),
    );
  });
  const drawn = frame(name, shown.length * BAR, rows);
  return points.length > MOST
    ? [drawn, html("p", {}, say("first-rows", { most: MOST, number: points.length }))]
    : [drawn];
}

function line(points, name) {
  const sorted = points.filter((each) => !Number.isNaN(each.time)).sort((a, b) => a.time - b.time);
  const [high, left, foot] = [320, 60, 290];
  const first = sorted[0].time;
  const span = sorted.at(-1).time - first || 1;
  const least = Math.min(0, ...sorted.map((point) => point.value));
  const most = Math.max(0, ...sorted.map((point) => point.value));
  const x = (time) => left + ((time - first) / span) * (WIDE - left - 40);
  const y = (value) => foot - ((value - least) / (most - least || 1)) * (foot - 20);
  const at = sorted.map((point) => [x(point.time), y(point.value)]);
  const day = (time) => new Date(time).toISOString().slice(0, 10);
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const time = first + part * span;
    return svg("text", { x: x(time), y: high - 6, "text-anchor": "middle" }, day(time));
  });
  const heights = [least, (least + most) / 2, most].flatMap((value) => [
    svg("line", { class: "rule", x1: left, x2: WIDE - 40, y1: y(value), y2: y(value) }),
    svg("text", { x: left - 8, y: y(value) + 5, "text-anchor": "end" }, String(value)),
  ]);
  const dots = sorted.map((point, index) =>
    svg(
      "circle",
      { class: "dot", cx: at[index][0], cy: at[index][1], r: 4 },
      svg("title", {}, `${point.text}: ${point.value}`),
    ),
  );
  const path = svg("polyline", { class: "line-of", points: at.map((each) => each.join()).join(" ") });
  return [frame(name, high, [...heights, ...ticks, path, ...dots])];
}

function frame(name, high, children) {
  const box = `0 0 ${WIDE} ${Math.max(high, BAR)}`;
  return svg("svg", { viewBox: box, role: "group", "aria-label": say("chart-of", { name }) }, ...children);
}

// Characters of Chinese, Japanese and Korean are about two wide.
function width(text) {
  return [...cut(text)].reduce((sum, each) => sum + (each > "\u1100" ? 2 : 1), 0);
}

function cut(text) {
  const characters = [...text];
  return characters.length > 40 ? `${characters.slice(0, 39).join("")}…` : text;
}
