// What the server has received and keeps for a person to look at: which house, which result, why. Nothing of it is lost.
//
//   asideDialog(entries, stops, forget)      forget(id): it was looked at, and need not be shown again

import { element, icon } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { formatInstant } from "../core/time.js";
import { wordsOf } from "./outcomes.js";

/** @param {any} entry @param {any[]} stops */
function houseOf(entry, stops) {
  const stop = stops.find((one) => one.household_id === entry.body.household_id);
  return stop ? `${stop.position} · ${stop.name ?? stop.code}` : _("A house of another route");
}

/** @param {any[]} entries @param {any[]} stops @param {(id: string) => Promise<void>} forget */
export function asideDialog(entries, stops, forget) {
  const list = element("ul", { class: "list" });
  for (const entry of entries) {
    const settle = async () => {
      await forget(entry.id);
      line.remove();
      if (!list.firstChild) dialog.close();
    };
    const seen = element("button", { type: "button", class: "button", onclick: settle }, icon("check"), _("Looked at"));
    const what = `${wordsOf(entry.body)} · ${formatInstant(entry.body.happened_at)}`;
    const why = entry.answer.title ?? _("The server could not read it.");
    const line = element("li", { class: "column" }, element("b", {}, houseOf(entry, stops)), element("span", {}, what), element("span", { class: "bad" }, why), seen);
    list.append(line);
  }
  const close = element("button", { type: "button", class: "button ghost icon", "aria-label": _("Close"), onclick: () => dialog.close() }, icon("close"));
  const head = element("div", { class: "dialog-head" }, element("h2", { id: "aside-title", class: "grow" }, _("Results to look at")), close);
  const words = _("The server has these and your team leader can see them, but they do not count. Where it matters, record the visit again.");
  const dialog = /** @type {HTMLDialogElement} */ (
    element("dialog", { class: "outcome-dialog", "aria-labelledby": "aside-title", onclose: () => dialog.remove() }, element("div", { class: "outcome" }, head, element("div", { class: "dialog-body" }, element("p", {}, words), list)))
  );
  document.body.append(dialog);
  dialog.showModal();
}
