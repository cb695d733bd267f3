// htmx with our settings: the CSRF header on every writing request, clean query strings, and a word to the person
// when no answer came. Attributes in templates are hx-…; settings that must be known before it starts are in the
// page's <meta name="htmx-config">.

import "htmx.org";
import { toast } from "../ui/toast.js";
import { confirmed } from "../ui/dialog.js";
import { csrfToken } from "./api.js";
import { _ } from "./i18n.js";

/** @param {Event} event @returns {any} */
const contextOf = (event) => /** @type {CustomEvent} */ (event).detail.ctx;

export function startFragments() {
  document.addEventListener("htmx:config:request", (event) => {
    const { request } = contextOf(event);
    if (request.method !== "GET") request.headers["X-CSRFToken"] = csrfToken();
    else for (const [name, value] of [...(request.body?.entries() ?? [])]) if (value === "") request.body.delete(name);
  });
  document.addEventListener("htmx:confirm", (event) => {
    const { ctx, issueRequest, dropRequest } = /** @type {CustomEvent} */ (event).detail;
    if (!ctx.confirm) return;
    event.preventDefault();
    confirmed({ title: ctx.confirm }).then((isYes) => (isYes ? issueRequest() : dropRequest()));
  });
  document.addEventListener("htmx:error", () => {
    toast(_("No answer from the server. Is there a connection?"), { isBad: true });
  });
}
