// A short word at the bottom of the screen, with at most one thing to do about it.
//
//   toast(_("Saved"))     toast(text, {isBad: true})
//   toast(_("Not home: Nguyễn Văn An"), {action: _("Undo"), onAction: () => …, milliseconds: 8000})

import { element, one } from "../core/dom.js";

function corner() {
  const found = one(".toasts");
  if (found) return found;
  const made = element("div", { class: "toasts", role: "status", "aria-live": "polite" });
  document.body.append(made);
  return made;
}

/**
 * @param {string} text
 * @param {{isBad?: boolean, action?: string, onAction?: () => void, milliseconds?: number}} [options]
 * @returns {() => void} takes it away
 */
export function toast(text, { isBad = false, action, onAction, milliseconds = isBad ? 8000 : 4000 } = {}) {
  const close = () => {
    clearTimeout(waiting);
    shown.remove();
  };
  const press = () => {
    close();
    onAction?.();
  };
  const button = action ? element("button", { type: "button", class: "button", onclick: press }, action) : null;
  const shown = element("div", { class: isBad ? "toast bad" : "toast" }, element("p", {}, text), button);
  corner().append(shown);
  const waiting = setTimeout(close, milliseconds);
  return close;
}
