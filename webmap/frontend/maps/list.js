// The list beside the map: arrow keys walk through it, Enter or a press chooses on the map instead of leaving the page.
//
//   startList((door) => …)      door: {id, number, lon, lat}, lon null for a house that has no place yet
//   keepInList(id)              marks the chosen row, if it is in the list

import { all, one } from "../core/dom.js";

/** @param {HTMLElement} row */
function doorOf(row) {
  const { door, number, lon, lat } = row.dataset;
  return { id: door ?? "", number: Number(number), lon: lon ? Number(lon) : null, lat: lat ? Number(lat) : null };
}

const STEPS = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };

/** @param {KeyboardEvent} event */
function walk(event) {
  const step = /** @type {Record<string, number>} */ (STEPS)[event.key];
  const row = event.target instanceof HTMLElement ? event.target.closest("[data-list] a") : null;
  if (!step || !row) return;
  const rows = all("[data-list] a");
  const next = Math.min(rows.length - 1, Math.max(0, rows.indexOf(/** @type {HTMLElement} */ (row)) + step));
  rows[next]?.focus();
  event.preventDefault();
}

/** @param {string} id */
export function keepInList(id) {
  for (const row of all("[data-list] [aria-current]")) row.removeAttribute("aria-current");
  one(`[data-list] [data-door="${CSS.escape(id)}"]`)?.setAttribute("aria-current", "true");
}

/** @param {(door: {id: string, number: number, lon: number | null, lat: number | null}) => void} choose */
export function startList(choose) {
  document.addEventListener("keydown", walk);
  document.addEventListener("click", (event) => {
    const row =
      event.target instanceof Element
        ? /** @type {HTMLElement | null} */ (event.target.closest("[data-list] a[data-door]"))
        : null;
    if (!row || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    choose(doorOf(row));
  });
}
