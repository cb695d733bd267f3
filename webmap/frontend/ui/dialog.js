// Native <dialog>s, opened and closed by buttons without a line of script in the page.
//
//   <button data-opens="#move-dialog">     <dialog id="move-dialog"> … <button data-closes> … </dialog>
//   if (await confirmed({title, text, yes: _("Remove"), isDanger: true})) …

import { element } from "../core/dom.js";
import { _ } from "../core/i18n.js";

/** @param {string | null} selector */
function dialogAt(selector) {
  const node = selector ? document.querySelector(selector) : null;
  return node instanceof HTMLDialogElement ? node : null;
}

export function startDialogs() {
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    dialogAt(target?.closest("[data-opens]")?.getAttribute("data-opens") ?? null)?.showModal();
    if (target?.closest("[data-closes]")) target.closest("dialog")?.close();
    if (target instanceof HTMLDialogElement) target.close(); // a press on the backdrop
  });
}

/** @param {{title: string, text?: string, yes?: string, isDanger?: boolean}} question @returns {Promise<boolean>} */
export function confirmed({ title, text = "", yes = _("Yes"), isDanger = false }) {
  return new Promise((resolve) => {
    const answer = (/** @type {boolean} */ value) => () => {
      resolve(value);
      dialog.close();
    };
    const dialog = /** @type {HTMLDialogElement} */ (
      element(
        "dialog",
        { "aria-labelledby": "question-title", onclose: () => (resolve(false), dialog.remove()) },
        element("div", { class: "dialog-head" }, element("h2", { id: "question-title" }, title)),
        text && element("div", { class: "dialog-body" }, element("p", {}, text)),
        element(
          "div",
          { class: "dialog-foot" },
          element("button", { type: "button", class: "button", onclick: answer(false) }, _("No")),
          element(
            "button",
            { type: "button", class: isDanger ? "button danger" : "button main", onclick: answer(true) },
            yes,
          ),
        ),
      )
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}
