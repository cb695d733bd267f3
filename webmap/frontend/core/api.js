// The only place that speaks to the server.
//
//   const households = await getJson("/api/…", {signal})
//   const answer = await sendJson("PUT", `/api/visits/${id}`, visit)
//   const html = await getFragment("/households/…/card")      what a person sees, as rendered by the server
//
// All throw ApiError {status, code, message, facts}; status 0 means that no answer came (offline, timed out).

import { _ } from "./i18n.js";

const TIMEOUT_MILLISECONDS = 30_000;

export class ApiError extends Error {
  /** @param {number} status @param {{code?: string, detail?: string, title?: string}} problem */
  constructor(status, problem) {
    super(problem.detail ?? problem.title ?? _("The server did not understand. Please try again."));
    this.status = status;
    this.code = problem.code ?? "unknown";
    this.facts = problem;
  }
}

/** The token that proves a request comes from our own page. */
export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? "";
}

/** @param {string} url @param {RequestInit} options */
async function request(url, options) {
  const timeout = AbortSignal.timeout?.(TIMEOUT_MILLISECONDS);
  let response;
  try {
    response = await fetch(url, { credentials: "same-origin", signal: timeout, ...options });
  } catch (problem) {
    if (options.signal?.aborted) throw problem;
    throw new ApiError(0, { code: "no_answer", detail: _("No answer from the server. Is there a connection?") });
  }
  if (response.ok) return response;
  const isProblem = /json/.test(response.headers.get("content-type") ?? "");
  throw new ApiError(response.status, isProblem ? await response.json() : {});
}

/** @param {string} url @param {{signal?: AbortSignal}} [options] @returns {Promise<any>} */
export async function getJson(url, options = {}) {
  const response = await request(url, { headers: { accept: "application/json" }, ...options });
  return response.json();
}

/** @param {"POST" | "PUT" | "PATCH" | "DELETE"} method @param {string} url @param {unknown} [body] @returns {Promise<any>} */
export async function sendJson(method, url, body) {
  const headers = { accept: "application/json", "content-type": "application/json", "X-CSRFToken": csrfToken() };
  const response = await request(url, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  return response.status === 204 ? null : response.json();
}

/** @param {string} url @param {{signal?: AbortSignal}} [options] */
export async function getFragment(url, options = {}) {
  const response = await request(url, { headers: { accept: "text/html", "HX-Request": "true" }, ...options });
  return response.text();
}
