// Keep: files at hand without a network, where the browser has service workers.

import { fileUrl } from "../editor/place.js";

const { serviceWorker } = navigator;
const WAITING = "pages to keep";

/** Have the service worker keep what this page came from, and what is opened after it. */
export async function keepPages() {
  if (!serviceWorker) return;
  // What came before it was there did not pass through it; a reader may leave a page sooner.
  const waiting = JSON.parse(sessionStorage.getItem(WAITING) ?? "[]");
  if (!serviceWorker.controller) {
    waiting.push(location.href, ...performance.getEntriesByType("resource").map(({ name }) => name));
    sessionStorage.setItem(WAITING, JSON.stringify(waiting));
  }
  await serviceWorker.register(fileUrl("/sw.js"));
  if (!waiting.length) return;
  await keep(waiting);
  sessionStorage.removeItem(WAITING);
}

/** Have the service worker fetch and keep what it does not have of some URLs. */
export async function keep(urls) {
  const registration = await serviceWorker?.ready;
  registration?.active.postMessage(urls);
}
