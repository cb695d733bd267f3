// The side of the map editor: the chosen alley with its forms, the list, the parts that do not join, proposals of tracks.
// Forms are sent from here so that the map stays; without this script they are ordinary forms.

import { csrfToken, getFragment, getJson } from "../core/api.js";
import { all, element, icon, one } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { setData, addLayers } from "../maps/map.js";
import { openSheet } from "../ui/sheet.js";
import { toast } from "../ui/toast.js";
import { valuesOf } from "./forms.js";

/**
 * @typedef {{
 *   base: string, map: any, send: (url: string, values: unknown) => Promise<any>, onClose: () => void,
 *   goTo: (place: [number, number]) => void, choose: (uuid: string) => Promise<void>,
 *   tools: Record<"move" | "split" | "join", (uuid: string, version: string) => void>,
 *   moveThing: (thing: any) => void,
 * }} Given
 */

/** The editor's words come with its page: a canvasser's phone need not carry them. @type {Record<string, string>} */
export const words = JSON.parse(one("#draft")?.dataset.words ?? "{}");

const card = /** @type {HTMLElement} */ (one("#alley-card"));
const side = /** @type {HTMLElement} */ (one("#side"));

/** @param {any} map */
function drawLinks(map) {
  setData(map, "links", []);
  const layout = { "line-cap": "round", "line-join": "round" };
  addLayers(map, {}, [
    { id: "links-case", type: "line", source: "links", layout, paint: { "line-color": "#FFFFFF", "line-width": 9 } },
    { id: "links", type: "line", source: "links", layout, paint: { "line-color": "#B02A05", "line-width": 4, "line-dasharray": [1.5, 1.5] } },
    { id: "links-ends", type: "circle", source: "links", paint: { "circle-radius": 6, "circle-color": "#FFFFFF", "circle-stroke-color": "#B02A05", "circle-stroke-width": 3 } },
  ]);
}

/** @param {Given} given */
export function startAside({ base, map, send, onClose, goTo, choose, tools, moveThing }) {
  let chosen = "";
  drawLinks(map);

  /** @param {string} html */
  function fill(html) {
    const close = element("button", { type: "button", class: "button ghost icon card-close", "aria-label": _("Close"), onclick: () => shut() }, icon("close"));
    card.innerHTML = html;
    card.prepend(close);
    card.hidden = false;
    side.scrollTop = 0;
    if (innerWidth <= 760) openSheet(side, "half");
  }

  function shut() {
    chosen = "";
    card.hidden = true;
    card.replaceChildren();
    onClose();
  }

  function offerTools() {
    const { alley: uuid = "", version = "" } = /** @type {HTMLElement} */ (one("[data-alley]", card)).dataset;
    one("[data-shape-tools]", card)?.removeAttribute("hidden");
    for (const button of all("[data-do]", card)) {
      const name = /** @type {"move" | "split" | "join"} */ (button.dataset.do);
      button.addEventListener("click", () => tools[name](uuid, version));
    }
  }

  /** @param {string} uuid */
  async function open(uuid) {
    try {
      fill(await getFragment(`${base}/alleys/${uuid}`));
      chosen = uuid;
      offerTools();
      return true;
    } catch (problem) {
      toast(/** @type {Error} */ (problem).message, { isBad: true });
      return false;
    }
  }

  /** A house or number drawn by hand: it can be taken away. @param {any} thing */
  function openThing({ what, uuid, name, version }) {
    const path = what === "building" ? "buildings" : "address-points";
    const away = async () => (await send(`${base}/${path}/${uuid}/removal`, { version })) && shut();
    fill(/** @type {HTMLTemplateElement} */ (one("#thing-card")).innerHTML);
    const title = one("[data-name]", card);
    if (title) title.textContent = name || (what === "building" ? words.house : words.number);
    one("[data-away]", card)?.addEventListener("click", away);
    one("[data-move]", card)?.addEventListener("click", () => moveThing({ what, uuid, version }));
  }

  /** Links of the parts and proposals of tracks that the side lists. */
  function showLinks() {
    const features = all("[data-link]", side).map((node) => ({
      type: "Feature",
      geometry: { type: "LineString", coordinates: JSON.parse(node.dataset.link ?? "[]") },
      properties: {},
    }));
    setData(map, "links", features);
  }

  /** @param {HTMLElement} box @param {string} url */
  async function load(box, url) {
    box.setAttribute("aria-busy", "true");
    try {
      box.innerHTML = await getFragment(url);
    } catch (problem) {
      box.replaceChildren(element("p", { class: "notice bad", role: "alert" }, /** @type {Error} */ (problem).message));
    }
    box.removeAttribute("aria-busy");
    showLinks();
  }

  function tab() {
    return /** @type {HTMLElement | null} */ (one("[data-panel]:not([hidden])", side));
  }

  async function refresh() {
    const shown = tab();
    if (shown?.dataset.panel === "gaps" && shown.childElementCount) await load(shown, `${base}/gaps`);
    if (chosen) await open(chosen);
  }

  /** @param {string} name */
  async function turnTo(name) {
    for (const button of all("[data-tab]", side)) button.setAttribute("aria-pressed", String(button.dataset.tab === name));
    for (const panel of all("[data-panel]", side)) panel.hidden = panel.dataset.panel !== name;
    const shown = tab();
    if (name === "gaps" && shown) await load(shown, `${base}/gaps`);
    else showLinks();
  }

  /** @param {HTMLFormElement} form */
  async function submit(form) {
    if (form.matches("[data-tracks]")) return tracks(form);
    const made = await send(form.action, valuesOf(form));
    if (!made) return;
    if (form.hasAttribute("data-gone")) shut();
    if (form.hasAttribute("data-proposal")) {
      form.closest("[data-link]")?.remove();
      showLinks();
    }
    if (form.hasAttribute("data-undo")) location.reload();
  }

  /** @param {HTMLFormElement} form */
  async function tracks(form) {
    const box = /** @type {HTMLElement} */ (one("[data-proposals]", side));
    const headers = { "X-CSRFToken": csrfToken(), "HX-Request": "true" };
    const answer = await fetch(form.action, { method: "POST", headers, body: new FormData(form), credentials: "same-origin" });
    box.innerHTML = await answer.text();
    showLinks();
    one("[data-link]", box)?.click();
  }

  side.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!form.matches("[data-edit], [data-mend], [data-undo], [data-tracks]")) return;
    event.preventDefault();
    submit(form);
  });
  side.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const link = /** @type {HTMLElement | null} */ (target.closest("a[data-choose]"));
    const gap = /** @type {HTMLElement | null} */ (target.closest("[data-link]"));
    const name = /** @type {HTMLElement | null} */ (target.closest("[data-tab]"))?.dataset.tab;
    if (link) {
      event.preventDefault();
      goTo(JSON.parse(link.dataset.middle ?? "[]"));
      choose(link.dataset.choose ?? "");
    } else if (gap && !target.closest("button")) goTo(JSON.parse(gap.dataset.link ?? "[]")[0]);
    else if (name) turnTo(name);
  });
  one("#tabs")?.removeAttribute("hidden");

  return {
    open,
    openThing,
    close: shut,
    refresh,
    chosen: () => chosen,
    async outline() {
      try {
        return await getJson(`${base}/outline.json`);
      } catch (problem) {
        toast(/** @type {Error} */ (problem).message, { isBad: true });
        return null;
      }
    },
  };
}
