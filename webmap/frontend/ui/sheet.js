// The bottom sheet of a phone: half open, full or only its grip. On wide screens the same element is a side panel
// (css), and this does nothing. One press on the grip changes the state; swiping is never needed.
//
//   <section class="sheet" data-sheet="half"><button class="sheet-grip" data-sheet-grip>…</button> … </section>
//   openSheet(node, "full" | "half" | "low")      fires sheet:changed {node, state} on the document

import { announce } from "../core/events.js";
import { whenPresent } from "../core/dom.js";

const NEXT = { low: "half", half: "full", full: "low" };

/** @param {HTMLElement} sheet @param {"low" | "half" | "full"} state */
export function openSheet(sheet, state) {
  sheet.dataset.sheet = state;
  sheet.querySelector("[data-sheet-grip]")?.setAttribute("aria-expanded", String(state !== "low"));
  announce("sheet:changed", { node: sheet, state });
}

/** @param {HTMLElement} sheet */
function letSwipe(sheet) {
  const grip = /** @type {HTMLElement | null} */ (sheet.querySelector("[data-sheet-grip]"));
  let startY = 0;
  let hasMoved = false;
  grip?.addEventListener("pointerdown", (event) => {
    startY = event.clientY;
    hasMoved = false;
    grip.setPointerCapture(event.pointerId);
  });
  grip?.addEventListener("pointerup", (event) => {
    const up = startY - event.clientY;
    hasMoved = Math.abs(up) > 30;
    if (hasMoved)
      openSheet(
        sheet,
        up > 0 ? (sheet.dataset.sheet === "low" ? "half" : "full") : sheet.dataset.sheet === "full" ? "half" : "low",
      );
  });
  grip?.addEventListener("click", () => {
    if (!hasMoved) openSheet(sheet, /** @type {any} */ (NEXT)[sheet.dataset.sheet ?? "half"]);
    hasMoved = false;
  });
}

export function startSheets() {
  whenPresent("[data-sheet]", letSwipe);
}
