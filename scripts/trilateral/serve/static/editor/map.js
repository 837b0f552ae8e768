// Map: rows with a latitude and a longitude, or a point in WKT, as dots over the outline of the land.

import { html, svg } from "./element.js";
import { fileUrl } from "./place.js";
import { columns, numberOf } from "./terms.js";
import { count, say } from "./words.js";

const POINT = /^\s*(?:<[^>]*>\s*)?POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)\s*\)\s*$/i;
const MIDDLE = 150; // degrees east: the Pacific is whole
const WIDE = 760;

/** Return the places of an answer, `{longitude, latitude, row}`; null where it has none. */
export function placesOf(answer) {
  const numbers = columns(answer, (term) => !Number.isNaN(numberOf(term)));
  const latitude = numbers.find((name) => /^lat(itude)?$/i.test(name));
  const longitude = numbers.find((name) => /^(lon|lng|long|longitude)$/i.test(name));
  if (latitude && longitude) {
    return answer.rows
      .filter((row) => row[latitude] && row[longitude])
      .map((row) => place(numberOf(row[longitude]), numberOf(row[latitude]), row))
      .filter(Boolean);
  }
  const [points] = columns(answer, (term) => term.type === "literal" && POINT.test(term.value));
  if (!points) return null;
  return answer.rows
    .filter((row) => row[points])
    .map((row) => {
      const [, east, north] = POINT.exec(row[points].value);
      return place(Number(east), Number(north), row);
    })
    .filter(Boolean);
}

function place(longitude, latitude, row) {
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return null;
  return { longitude, latitude, row };
}

let outline = null;

/** Return the outline of the land as paths; none where it cannot be fetched. */
async function land() {
  outline ??= fetch(fileUrl("/query/land.json")).then((response) => response.json());
  try {
    const { path } = await outline;
    const scale = WIDE / 360;
    // What reaches over the edge is drawn on both sides.
    return [-360, 0, 360].map((turn) => {
      const transform = `translate(${(turn + 180 - MIDDLE) * scale} ${WIDE / 4}) scale(${scale})`;
      return svg("path", { class: "land", d: path, transform });
    });
  } catch {
    outline = null;
    return [];
  }
}

/** Show an answer as a map in a place. */
export async function showMap(area, answer, terms) {
  const places = placesOf(answer);
  if (!places?.length) {
    area.replaceChildren(html("p", {}, say("needs-points")));
    return;
  }
  const x = (longitude) => ((((longitude - MIDDLE + 540) % 360) + 360) % 360) * (WIDE / 360);
  const y = (latitude) => (90 - latitude) * (WIDE / 360);
  const lines = [];
  for (let degree = -180; degree < 180; degree += 30) {
    lines.push(svg("line", { class: "rule", x1: x(degree), x2: x(degree), y1: 0, y2: WIDE / 2 }));
    lines.push(svg("text", { x: x(degree) + 3, y: WIDE / 2 - 4 }, east(degree)));
  }
  for (let degree = -60; degree <= 60; degree += 30) {
    lines.push(svg("line", { class: "rule", x1: 0, x2: WIDE, y1: y(degree), y2: y(degree) }));
    lines.push(svg("text", { x: 3, y: y(degree) - 3 }, north(degree)));
  }
  const named = answer.names.find((name) => name.endsWith("Label")) ?? answer.names[0];
  const dots = places.map(({ longitude, latitude, row }) => {
    const words = `${terms.text(row[named])} (${latitude}, ${longitude})`;
    const href = terms.href(row[named.replace(/Label$/, "")]);
    const dot = svg("circle", { class: "dot", cx: x(longitude), cy: y(latitude), r: 5 });
    dot.append(svg("title", {}, words));
    return href === null ? dot : svg("a", { href, "aria-label": words }, dot);
  });
  const box = `0 0 ${WIDE} ${WIDE / 2}`;
  const name = { class: "map", viewBox: box, role: "group", "aria-label": count("map-of", dots.length) };
  area.replaceChildren(
    html("div", { class: "drawing" }, svg("svg", name, ...(await land()), ...lines, ...dots)),
    html("p", { class: "soft" }, count("points", dots.length)),
  );
}

function east(degree) {
  if (degree === 0 || degree === -180) return `${Math.abs(degree)}°`;
  return `${Math.abs(degree)}° ${degree < 0 ? "W" : "E"}`;
}

function north(degree) {
  return degree === 0 ? "0°" : `${Math.abs(degree)}° ${degree < 0 ? "S" : "N"}`;
}
