// Terms: RDF terms as text, links, numbers and days.

import { html } from "./element.js";
import { thingUrl } from "./place.js";

const XSD = "http://www.w3.org/2001/XMLSchema#";
const NUMBERS = new Set(
  ["integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger"].map(
    (name) => XSD + name,
  ),
);
const DAYS = new Set(["date", "dateTime", "gYear", "gYearMonth"].map((name) => XSD + name));
const LOCAL = /^\w(?:[\w.-]*[\w-])?$/;
// Nobody sees these, but they turn what stands beside them round.
const UNSEEN = /(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}]/gu;

/** Return a text without control characters and marks of writing direction. */
export function plain(text) {
  return text.replace(UNSEEN, "");
}

/** What shows terms needs to know: prefixes, and the base of the project. */
export class Terms {
  constructor(prefixes, base) {
    this.base = base;
    this.prefixes = new Map(Object.entries(prefixes).map(([prefix, space]) => [space, prefix]));
    this.labels = new Map();
  }

  /** Take the labels of all that a query can name, by its short form. */
  learn({ classes, properties, things }) {
    this.labels = new Map([...classes, ...properties, ...things]);
  }

  /** Return the label of a term that is a thing, "" where none is known. */
  label(term) {
    return term?.type === "uri" ? plain(this.labels.get(this.compact(term.value)) ?? "") : "";
  }

  /** Return the short form of an IRI, or the IRI where no prefix fits. */
  compact(iri) {
    const cut = Math.max(iri.lastIndexOf("/"), iri.lastIndexOf("#")) + 1;
    const prefix = this.prefixes.get(iri.slice(0, cut));
    return prefix !== undefined && LOCAL.test(iri.slice(cut)) ? `${prefix}:${iri.slice(cut)}` : iri;
  }

  /** Return where a term leads, null where it is no link that can be followed safely. */
  href(term) {
    if (term?.type !== "uri") return null;
    const path = this.path(term.value);
    if (path !== null) return thingUrl(path);
    return /^https?:\/\//.test(term.value) ? term.value : null;
  }

  /** Return the path on this site of an IRI of the project, null for others. */
  path(iri) {
    if (!iri.startsWith(this.base)) return null;
    const path = `/${iri.slice(this.base.length).split("#")[0]}`;
    // What begins with two slashes would name another host.
    return path.startsWith("//") ? null : path;
  }

  /** Return a term as text. */
  text(term) {
    if (!term) return "";
    if (term.type === "bnode") return `_:${term.value}`;
    return plain(term.type === "uri" ? this.compact(term.value) : term.value);
  }

  /** Return a term as a node: a link where it can be followed, else text. */
  node(term) {
    if (!term) return "";
    const href = this.href(term);
    if (href === null) return html("bdi", { lang: term["xml:lang"] }, this.text(term));
    const inside = this.path(term.value) !== null;
    const more = inside ? {} : { class: "outside", rel: "noopener noreferrer" };
    return html("a", { href, ...more }, this.text(term));
  }
}

/** Return the number that a literal is, NaN for others. */
export function numberOf(term) {
  return term?.type === "literal" && NUMBERS.has(term.datatype) ? Number(term.value) : NaN;
}

/** Return the milliseconds since 1970 of a literal that is a day or a time, NaN for others. */
export function timeOf(term) {
  if (term?.type !== "literal" || !DAYS.has(term.datatype)) return NaN;
  return Date.parse(term.value);
}

/** Return the names whose values are all such as `test` wants; at least one must be bound. */
export function columns({ names, rows }, test) {
  return names.filter((name) => {
    const bound = rows.filter((row) => row[name]);
    return bound.length > 0 && bound.every((row) => test(row[name]));
  });
}
