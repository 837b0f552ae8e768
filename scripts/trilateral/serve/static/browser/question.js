// Question: the parameters of a question, bound in the browser as the server binds them.

import { fileUrl } from "../editor/place.js";
import { Refused } from "./refused.js";

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const LANGUAGE = /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$/;
const IRI = /^[a-z][a-z0-9+.-]*:[^\x00-\x20<>"{}|\\^`]+$/i;
const XSD_DATE = "http://www.w3.org/2001/XMLSchema#date";

/**
 * Have a form of parameters give the text of its question. `load` gives a promise of all names,
 * `use` takes the text, `tell` an error, and null before.
 */
export function takeFields(form, load, use, tell) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    tell(null);
    try {
      const { question: name, ...values } = Object.fromEntries(new FormData(form));
      const [questions, names] = await Promise.all([readQuestions(), load()]);
      use(bound(questions[name], values, names));
    } catch (error) {
      tell(error);
    }
  });
}

async function readQuestions() {
  try {
    return await (await fetch(fileUrl("/data/questions.json"))).json();
  } catch {
    throw new Refused("The list of the questions, data/questions.json, cannot be read. Look at your connection, then try again.");
  }
}

/** Return the text of a question with what was given in the place of its parameters. */
function bound({ text, parameters }, values, names) {
  return text.replace(/VALUES\s*\?(\w+)\s*\{\s*UNDEF\s*\}/g, (_, name) => {
    const value = (values[name] ?? "").trim();
    const open = !value || value === "all";
    return open ? "" : `VALUES ?${name} { ${termOf(name, parameters[name], value, names)} }`;
  });
}

function termOf(name, kind, value, names) {
  const wrong = (what) => new Refused(`The parameter ${name} ${what}. The value all leaves it open.`);
  if (kind === "date") {
    const found = DAY.test(value) && new Date(`${value}T00:00:00Z`);
    if (!found || !found.toJSON()?.startsWith(value)) throw wrong("takes a day of the calendar, such as 2024-05-07");
    return `"${value}"^^<${XSD_DATE}>`;
  }
  if (kind === "language" && !LANGUAGE.test(value)) throw wrong("takes a language tag such as ja or zh-hans");
  if (kind === "language" || kind === "text") return JSON.stringify(value);
  const iri = iriOf(kind, value, names);
  if (!iri) throw wrong(`knows no ${kind} "${value}"; choose one of those that the field offers`);
  return `<${iri}>`;
}

/** Return the IRI of what a value names: a slug, a short form, an IRI or a label; else undefined. */
function iriOf(kind, value, { prefixes, things }) {
  const [prefix, local] = value.split(/:(.*)/s);
  const iris = [prefixes[kind] + value, Object.hasOwn(prefixes, prefix) ? prefixes[prefix] + local : value];
  const known = new Map(things.map(([name, label]) => [expanded(name, prefixes), label]));
  const found = iris.find((iri) => known.has(iri));
  if (found) return found;
  const wanted = value.toLowerCase();
  const called = [...known].filter(([iri, label]) => iri.startsWith(prefixes[kind]) && label.toLowerCase() === wanted);
  if (called.length === 1) return called[0][0];
  return IRI.test(iris[1]) && iris[1].includes("://") ? iris[1] : undefined;
}

function expanded(name, prefixes) {
  if (name.startsWith("<")) return name.slice(1, -1);
  const [prefix, local] = name.split(/:(.*)/s);
  return prefixes[prefix] + local;
}
