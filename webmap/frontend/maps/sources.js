// Whose work is in view, named on the map as licences ask: what the server says of the box that is shown.
//
//   nameSources(map, maplibre)     from now on, whenever the map comes to rest

import { getJson } from "../core/api.js";

/** @param {any} map @param {any} maplibre */
export function nameSources(map, maplibre) {
  let said = "";
  /** @type {any} */
  let control = null;

  async function tell() {
    const box = map.getBounds().toArray().flat().map((/** @type {number} */ side) => side.toFixed(4)).join(",");
    const found = await getJson(`/map/sources.json?bbox=${box}`).catch(() => null);
    if (!found || found.attributions.join() === said) return;
    said = found.attributions.join();
    if (control) map.removeControl(control);
    control = said ? new maplibre.AttributionControl({ compact: true, customAttribution: found.attributions.map(plain) }) : null;
    if (control) map.addControl(control, "bottom-left");
    if (innerWidth < 500) map.getContainer().querySelector(".maplibregl-compact-show")?.classList.remove("maplibregl-compact-show");
  }

  map.on("moveend", tell);
  tell();
}

/** The control takes HTML: what a file says of itself must not become any. @param {string} text */
function plain(text) {
  const node = document.createElement("span");
  node.textContent = text;
  return node.innerHTML;
}
