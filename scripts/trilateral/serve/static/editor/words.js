// Words: what the scripts say, which the page gives in its language.

const read = (id) => JSON.parse(document.getElementById(id)?.textContent ?? "{}");
const words = { ...read("words"), ...read("browser-words") };

/** Return what is said under a name, filled with values: `{number}` with `values.number`. */
export function say(name, values = {}) {
  return fill(words[name], values);
}

/** Return what is said of a number of things: the first form for one, the second for others. */
export function count(name, number, values = {}) {
  const [one, many] = words[name];
  return fill(number === 1 ? one : many, { number: number.toLocaleString("en"), ...values });
}

/** Return the names of the views of an answer, by view. */
export const viewNames = words.views;

/** What CodeMirror says, by its own English words. */
export const phrases = words.phrases;

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
