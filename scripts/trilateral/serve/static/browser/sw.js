// Service worker: pages that were visited, and what queries need, are there without a network.
//
// The site is written with a line before this text, `const SITE = {version, files}`: a digest
// of the site, and the files that every visitor gets. Whatever has a digest or a version in its
// URL never changes and is taken from the cache; all else is asked for anew while there is a
// network, so that nobody reads an old page.

const OURS = `trilateral ${registration.scope} `;
const NAME = OURS + SITE.version;
// Of what has no version in its URL, this is kept: pages and what they show, not downloads.
const PAGES = /^(?:text\/html|application\/json|image\/)/;
// So many milliseconds a network may take before what is kept is shown.
const PATIENCE = 5000;

addEventListener("install", (event) => {
  event.waitUntil(begin());
});

addEventListener("activate", (event) => {
  event.waitUntil(takeOver());
});

addEventListener("message", (event) => {
  event.waitUntil(Promise.all(event.data.filter(isOurs).map((url) => answer(new Request(url), event))));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && isOurs(request.url)) event.respondWith(answer(request, event));
});

async function begin() {
  const cache = await caches.open(NAME);
  await cache.addAll(SITE.files);
  await skipWaiting();
}

async function takeOver() {
  for (const name of await caches.keys()) {
    if (name.startsWith(OURS) && name !== NAME) await caches.delete(name);
  }
  await clients.claim();
}

function isOurs(url) {
  return url.startsWith(registration.scope);
}

async function answer(request, event) {
  const cache = await caches.open(NAME);
  const url = new URL(request.url);
  const fixed = url.pathname.includes("/static/") || url.searchParams.has("v");
  if (fixed) return (await cache.match(url.href)) ?? fetched(cache, request, url.href, () => true);
  // What a page makes of its parameters, it makes of them in the browser.
  const key = url.origin + url.pathname;
  const found = (await cache.match(key)) ?? (await cache.match(`${key}/`));
  const network = fetched(cache, request, key, (response) => PAGES.test(response.headers.get("content-type")));
  if (!found) return network.catch(() => missing());
  event.waitUntil(network.catch(() => {}));
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, found));
  return Promise.race([network.catch(() => found), late]);
}

async function fetched(cache, request, key, wanted) {
  const response = await fetch(request);
  if (response.status === 200 && wanted(response)) await cache.put(key, response.clone());
  return response;
}

function missing() {
  const text =
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>No network</title>' +
    "<h1>No network</h1><p>This page cannot be fetched, and it was not opened here before. " +
    `Look at your connection, or begin at <a href="${registration.scope}">the first page</a>.</p></html>`;
  return new Response(text, { status: 503, headers: { "content-type": "text/html; charset=utf-8" } });
}
