// Element: nodes of a page made from values; text stays text, whatever it holds.

const SVG = "http://www.w3.org/2000/svg";

/** Return an HTML element with attributes and children; strings become text. */
export function html(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** Return an SVG element with attributes and children; strings become text. */
export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

/** Return a labelled select; `change` is called with the value that is chosen. */
export function choice(label, options, chosen, change) {
  const select = html(
    "select",
    {},
    ...options.map((name) => html("option", { value: name, selected: name === chosen }, name)),
  );
  select.addEventListener("change", () => change(select.value));
  return html("label", {}, `${label} `, select);
}
