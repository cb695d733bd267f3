// <details class="menu"> closes when one presses elsewhere, or Escape.

import { all, one } from "../core/dom.js";

export function startMenus() {
  document.addEventListener("click", (event) => {
    for (const menu of all("details.menu[open]")) {
      if (!menu.contains(/** @type {Node} */ (event.target))) menu.removeAttribute("open");
    }
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" ? one("details.menu[open]") : null;
    if (!menu) return;
    menu.removeAttribute("open");
    one("summary", menu)?.focus();
  });
}
