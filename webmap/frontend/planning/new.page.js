// The page that asks for a plan: how many people are chosen, and the map where the meeting place can be pressed.

import { all, one } from "../core/dom.js";
import { _, formatNumber } from "../core/i18n.js";
import { areaLayers, householdLayers } from "../maps/layers.js";
import { addLayers, canDrawMaps, choose, createMap, currentTheme, fit, tileAddress } from "../maps/map.js";
import { WORDS_BEGIN, groundStyle } from "../maps/style.js";

/** @type {[number, number, number, number]} */
const VIETNAM = [102.1, 8.4, 109.5, 23.4];

const boxes = /** @type {HTMLInputElement[]} */ (/** @type {unknown} */ (all('[name="areas"]')));

/** Around the chosen villages, or all when none is chosen. @returns {[number, number, number, number]} */
function wantedBounds() {
  const chosen = boxes.filter((box) => box.checked);
  const boxed = (chosen.length ? chosen : boxes).filter((box) => box.dataset.bounds).map((box) => JSON.parse(String(box.dataset.bounds)));
  if (boxed.length === 0) return VIETNAM;
  const [wests, souths, easts, norths] = [0, 1, 2, 3].map((place) => boxed.map((bounds) => bounds[place]));
  return [Math.min(...wests), Math.min(...souths), Math.max(...easts), Math.max(...norths)];
}

function startCounting() {
  const told = one("[data-plan-count]");
  const tell = () => {
    const people = boxes.filter((box) => box.checked).reduce((sum, box) => sum + Number(box.dataset.uncovered), 0);
    if (told) told.textContent = people > 0 ? _("%(count)s people uncovered", { count: formatNumber(people) }) : "";
  };
  for (const box of boxes) box.addEventListener("change", tell);
  tell();
}

/** @param {HTMLElement} container */
async function startMap(container) {
  const { map } = await createMap(container, {
    label: _("Map of households"),
    view: { bounds: wantedBounds(), fitBoundsOptions: { padding: 30 } },
    style: groundStyle({ theme: currentTheme(), tiles: (layer) => tileAddress(layer) }),
  });
  const tiles = (/** @type {string} */ layer, /** @type {number} */ minzoom) => ({ type: "vector", tiles: [tileAddress(layer)], minzoom, maxzoom: 16 });
  const areas = areaLayers({ theme: currentTheme() });
  addLayers(map, { areas: tiles("areas", 4), households: tiles("households", 13) }, areas.surfaces, WORDS_BEGIN);
  addLayers(map, {}, [...householdLayers(), ...areas.words]);
  const lon = /** @type {HTMLInputElement | null} */ (one("#start_lon"));
  const lat = /** @type {HTMLInputElement | null} */ (one("#start_lat"));
  const show = () => choose(map, lon?.value && lat?.value ? { lon: Number(lon.value), lat: Number(lat.value) } : null);
  map.on("click", (/** @type {any} */ { lngLat }) => {
    if (!lon || !lat || !lon.closest("details")?.open) return;
    lon.value = lngLat.lng.toFixed(6);
    lat.value = lngLat.lat.toFixed(6);
    show();
  });
  for (const box of boxes) box.addEventListener("change", () => fit(map, wantedBounds(), 30));
  for (const field of [lon, lat]) field?.addEventListener("change", show);
}

startCounting();
const container = one("[data-plan-map]");
if (container && canDrawMaps()) startMap(container);
