// Keep: files at hand without a network, where the browser has service workers.

import { fileUrl } from "../editor/place.js";

const { serviceWorker } = navigator;

/** Have the service worker keep what this page came from, and what is opened after it. */
export async function keepPages() {
  if (!serviceWorker) return;
  await serviceWorker.register(fileUrl("/sw.js"));
  // What came before it was there did not pass through it.
  const came = performance.getEntriesByType("resource").map(({ name }) => name);
  if (!serviceWorker.controller) keep([location.href, ...came]);
}

/** Have the service worker fetch and keep what it does not have of some URLs. */
export async function keep(urls) {
  const registration = await serviceWorker?.ready;
  registration?.active.postMessage(urls);
}
