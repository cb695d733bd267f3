// Buildings and households beside each other: layers that are switched on in the legend, and loaded only then.
//
//   startBeside(map, (id) => …)      calls with the id of a pressed building that has no household
//
// ?beside=buildings in the address switches the first one on. Never by colour alone: houses without a household have a
// broken edge and a question mark, doors in no building a ring, doubtful outlines a broken line and their percentage.

import { all } from "../core/dom.js";
import { BOLD, WORDS_BEGIN } from "./style.js";
import { addLayers, tileAddress } from "./map.js";

const INK = "#14181D";
const HALO = { "text-halo-color": "#FFFFFF", "text-halo-width": 2 };

/** @param {string} source @param {any} text @param {string} colour */
const words = (source, text, colour) => ({
  id: `${source}-words`,
  type: "symbol",
  source,
  "source-layer": source,
  minzoom: 17,
  layout: { "text-field": text, "text-font": BOLD, "text-size": 14 },
  paint: { ...HALO, "text-color": colour },
});

/** @param {string} source @param {string} type @param {any} paint @param {string} [part] */
const layer = (source, type, paint, part = "") => ({
  id: `${source}${part}`,
  type,
  source,
  "source-layer": source,
  paint,
});

/** @type {Record<string, {minzoom: number, layers: (name: string) => any[], before?: string}>} */
const BESIDE = {
  buildings_without_household: {
    minzoom: 15,
    before: WORDS_BEGIN,
    layers: (name) => [
      layer(name, "fill", { "fill-color": "#FFB000", "fill-opacity": 0.55 }),
      layer(name, "line", { "line-color": INK, "line-width": 2, "line-dasharray": [2, 1.5] }, "-edge"),
      words(name, "?", INK),
    ],
  },
  households_without_building: {
    minzoom: 14,
    layers: (name) => [
      layer(name, "circle", {
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 14, 5, 17, 19],
        "circle-opacity": 0,
        "circle-stroke-color": "#7A1FA2",
        "circle-stroke-width": 3,
      }),
    ],
  },
  doubtful_buildings: {
    minzoom: 15,
    before: WORDS_BEGIN,
    layers: (name) => [
      layer(name, "line", { "line-color": "#5A6572", "line-width": 1.5, "line-dasharray": [1, 1.5] }),
      words(name, ["concat", ["to-string", ["get", "confidence"]], " %"], "#3A434E"),
    ],
  },
};

/** @param {any} map @param {string} name @param {boolean} isShown */
function show(map, name, isShown) {
  const { minzoom, layers, before } = BESIDE[name];
  if (isShown) {
    const source = { type: "vector", tiles: [tileAddress(name)], minzoom, maxzoom: 16 };
    addLayers(map, { [name]: source }, layers(name), before);
  }
  for (const { id } of layers(name))
    if (map.getLayer(id)) map.setLayoutProperty(id, "visibility", isShown ? "visible" : "none");
}

/** @param {any} map @param {(id: number) => void} choose */
export function startBeside(map, choose) {
  const asked = new URLSearchParams(location.search).get("beside");
  for (const box of /** @type {HTMLInputElement[]} */ (all("[data-beside]"))) {
    const name = box.dataset.beside ?? "";
    if (asked === "buildings" && name === "buildings_without_household") box.checked = true;
    if (box.checked) show(map, name, true);
    box.addEventListener("change", () => show(map, name, box.checked));
  }
  const name = "buildings_without_household";
  map.on("click", name, (/** @type {any} */ event) => {
    const hasDoor = map.getLayer("households") && map.queryRenderedFeatures(event.point, { layers: ["households"] }).length;
    if (!hasDoor) choose(event.features[0].id);
  });
  map.on("mouseenter", name, () => (map.getCanvas().style.cursor = "pointer"));
  map.on("mouseleave", name, () => (map.getCanvas().style.cursor = ""));
}
