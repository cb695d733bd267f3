// The place of one household on its page: shown on our own ground; set or moved by a tap, or by the keyboard through
// "the middle of the map". Nothing is kept before "Save this place".

import { sendJson } from "../core/api.js";
import { element, icon, one, whenPresent } from "../core/dom.js";
import { announce } from "../core/events.js";
import { _ } from "../core/i18n.js";
import { householdLayers } from "../maps/layers.js";
import { addLayers, canDrawMaps, choose, createMap, currentTheme, goTo, point, setData, tileAddress } from "../maps/map.js";
import { groundStyle } from "../maps/style.js";
import { toast } from "../ui/toast.js";

const CLOSE = 16.5;
const COUNTRY = [102, 8, 110, 23.5];

/** @param {HTMLElement} box @returns {Record<string, any>} */
function firstView({ dataset }) {
  if (dataset.lon) return { center: [Number(dataset.lon), Number(dataset.lat)], zoom: 17 };
  const bounds = dataset.bounds ? dataset.bounds.split(",").map(Number) : COUNTRY;
  return { bounds, fitBoundsOptions: { padding: 20 } };
}

/** @param {HTMLElement} box @param {any} map */
function show(box, map) {
  const { lon, lat, status } = box.dataset;
  const here = lon ? [point(Number(lon), Number(lat), { status, door_mark: "not_visited" }, 1)] : [];
  setData(map, "here", here);
  addLayers(map, {}, householdLayers({ id: "here", source: "here", sourceLayer: null, minzoom: 0 }));
}

/** @param {HTMLElement} box */
async function start(box) {
  if (!canDrawMaps()) return;
  const style = groundStyle({ theme: currentTheme(), tiles: (layer) => tileAddress(layer) });
  const { map } = await createMap(box, { label: _("Map of the place of this house"), view: firstView(box), style });
  addLayers(map, { households: { type: "vector", tiles: [tileAddress("households")], minzoom: 13, maxzoom: 16 } }, householdLayers());
  show(box, map);
  if ("mayWrite" in box.dataset) letPlace(box, map);
}

/** @param {HTMLElement} box @param {any} map */
function letPlace(box, map) {
  /** @type {{lon: number, lat: number} | null} */
  let wanted = null;
  const hint = element("span", { class: "quiet" }, box.dataset.lon ? _("Tap the map where the house really stands.") : _("Tap the map where the house stands."));
  const middle = element("button", { type: "button", class: "button", onclick: () => want(map.getCenter().lng, map.getCenter().lat) }, icon("locate"), _("Middle of the map"));
  const save = element("button", { type: "button", class: "button main", hidden: true, onclick: keep }, icon("check"), _("Save this place"));
  const drop = element("button", { type: "button", class: "button ghost", hidden: true, onclick: forget }, _("Cancel"));
  box.after(element("div", { class: "row wrap", "data-place-bar": true }, hint, middle, save, drop));
  map.on("click", (/** @type {any} */ event) => want(event.lngLat.lng, event.lngLat.lat));

  /** @param {number} lon @param {number} lat */
  function want(lon, lat) {
    wanted = { lon: Math.round(lon * 1e7) / 1e7, lat: Math.round(lat * 1e7) / 1e7 };
    choose(map, wanted, "nothing");
    if (map.getZoom() < CLOSE) goTo(map, wanted, CLOSE); // from afar a tap is a street away: show where it fell
    hint.textContent = `${wanted.lat.toFixed(6)}, ${wanted.lon.toFixed(6)}`;
    save.hidden = drop.hidden = false;
  }

  function forget() {
    wanted = null;
    choose(map, null, "nothing");
    hint.textContent = _("Tap the map where the house stands.");
    save.hidden = drop.hidden = true;
  }

  async function keep() {
    if (!wanted) return;
    save.setAttribute("aria-busy", "true");
    try {
      const placed = await sendJson("PUT", box.dataset.url ?? "", wanted);
      Object.assign(box.dataset, { lon: String(placed.lon), lat: String(placed.lat) });
      show(box, map);
      const words = one("[data-place-words]");
      if (words) words.textContent = `${placed.lat.toFixed(6)}, ${placed.lon.toFixed(6)}`;
      one("[data-place-chip]")?.replaceChildren(element("span", { class: "chip good" }, icon("pin", 16), _("Placed on the map by hand")));
      announce("household:placed", placed);
      forget();
      toast(_("The house has its place."));
    } catch (problem) {
      toast(/** @type {Error} */ (problem).message, { isBad: true });
    } finally {
      save.removeAttribute("aria-busy");
    }
  }
}

whenPresent("[data-place-map]", start);
