// Place: where files and pages are: on a server that answers, or as files on any host.

const top = document.documentElement.dataset.static;
const language = document.documentElement.lang;
const root = new URL(top ?? "/", location.href);

/** Whether the pages are files, so that nobody answers queries but the browser itself. */
export const isStatic = top !== undefined;

/** Return the URL of a file by its path on the server, such as `/query/land.json`. */
export function fileUrl(path) {
  return new URL(path.slice(1), root).href;
}

/** Return where the page of a thing is, by the path of its IRI, such as `/actor/japan`. */
export function thingUrl(path) {
  if (isStatic) return fileUrl(`${path}.html`);
  return language === "en" ? path : `${path}?lang=${language}`;
}

/** Return the URL of a query in the editor. */
export function queryUrl(text) {
  const more = language === "en" || isStatic ? "" : `&lang=${language}`;
  return `${fileUrl(isStatic ? "/query/" : "/query")}?query=${encodeURIComponent(text)}${more}`;
}
