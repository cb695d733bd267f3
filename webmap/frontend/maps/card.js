// The card of the chosen house, as the server renders it, above the list; the address keeps which one it is.
//
//   showCard(id)      hideCard()      showBuilding(id): a building that has no household

import { getFragment } from "../core/api.js";
import { element, icon, one } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { openSheet } from "../ui/sheet.js";

/** @param {string | null} id */
function writeAddress(id) {
  const address = new URL(location.href);
  if (id) address.searchParams.set("household", id);
  else address.searchParams.delete("household");
  history.replaceState(history.state, "", address);
}

export function hideCard() {
  const card = one("#household-card");
  card?.replaceChildren();
  card?.setAttribute("hidden", "");
  writeAddress(null);
}

// Escape closes the card; whoever was inside it goes back to its row of the list.
document.addEventListener("keydown", (event) => {
  const card = one("#household-card");
  if (event.key !== "Escape" || !card || card.hidden || one("dialog[open], details.menu[open]")) return;
  const wasInside = card.contains(document.activeElement);
  hideCard();
  if (wasInside) (one("[data-list] [aria-current]") ?? one("#q"))?.focus();
});

/** @param {HTMLElement} card @param {string} html */
function fill(card, html) {
  const close = element("button", {
    type: "button",
    class: "button ghost icon card-close",
    "aria-label": _("Close"),
    onclick: hideCard,
  });
  close.append(icon("close"));
  card.innerHTML = html;
  card.prepend(close);
  card.hidden = false;
  /** @type {any} */ (globalThis).htmx?.process(card);
  card.scrollIntoView({ block: "nearest" });
}

/** @param {string} id */
export function showCard(id) {
  writeAddress(id);
  return load(`/households/${id}/card`);
}

/** @param {number} id */
export function showBuilding(id) {
  writeAddress(null);
  return load(`/households/buildings/${id}/card`);
}

/** @param {string} address */
async function load(address) {
  const card = /** @type {HTMLElement} */ (one("#household-card"));
  const side = /** @type {HTMLElement} */ (one("#side"));
  if (innerWidth <= 760) openSheet(side, "half");
  try {
    fill(card, await getFragment(address));
  } catch (problem) {
    card.hidden = false;
    card.replaceChildren(element("p", { class: "notice bad", role: "alert" }, /** @type {Error} */ (problem).message));
  }
  side.scrollTop = 0;
}
