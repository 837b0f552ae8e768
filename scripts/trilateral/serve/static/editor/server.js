// Server: queries that the server answers which gave the page.

import { say } from "./words.js";

const ACCEPT = "application/sparql-results+json, application/n-triples;q=0.9";
const { endpoint } = document.getElementById("editor").dataset;

/** Return the answer to a query as `{media, body}`; throws what refuses it. */
export function answer(text, { signal }) {
  return post(endpoint, { query: text }, ACCEPT, signal);
}

/** Return the answer to a query in a format of the downloads. */
export function download(text, format, { signal }) {
  return post("/query", { query: text, format }, "application/json", signal);
}

async function post(url, values, accept, signal) {
  const body = new URLSearchParams(values);
  const response = await fetch(url, { method: "POST", headers: { Accept: accept }, body, signal });
  const text = await response.text();
  if (!response.ok) throw new Refused(response, text);
  return { media: response.headers.get("content-type") ?? "", body: text };
}

/** A problem document of the server (RFC 9457) as an error. */
class Refused extends Error {
  constructor(response, text) {
    let told = {};
    try {
      told = JSON.parse(text);
    } catch {
      told = { detail: text.slice(0, 500) };
    }
    super(told.detail || say("status", { status: response.status }));
    // The title of a problem is but the phrase of its status; the server tells programs the
    // rest in English.
    this.title = say("refused");
    this.language = told.detail ? "en" : document.documentElement.lang;
    this.line = response.status === 400 ? /\bLine (\d+)\b/.exec(this.message)?.[1] : undefined;
  }
}
