// Our own ground: terrain, buildings, alleys, names. Complete without any foreign data and without the internet.
//
//   groundStyle({theme, tiles})         a MapLibre style; tiles(layer) is the address of a layer's tiles
//   groundLayers({theme, source})       the same layers for a style of one's own; source(layer) names the source, so
//                                       that a route package with all layers in one file uses the same drawing
//
// Layers: terrain {kind, name}, buildings, alleys {kind, name}. Names of areas are in layers.js with their figures.
// Where other layers belong: below "names-alleys" (beneath the words) or after everything (points).

import palette from "palette";

export const FONT = ["Be Vietnam Pro"];
export const BOLD = ["BVP Bold"];
/** Beneath this layer lie surfaces and lines, above it words and points. */
export const WORDS_BEGIN = "names-water";
/** Between which zooms the server has tiles of each layer (gis_layers/layers/catalogue.py). */
const ZOOMS = { terrain: [9, 15], buildings: [15, 16], alleys: [11, 16] };
export const GROUND_SOURCES = Object.keys(ZOOMS);

const SURFACE = ["==", ["geometry-type"], "Polygon"];
const LINE = ["==", ["geometry-type"], "LineString"];
const WATER = ["match", ["get", "kind"], ["river", "canal", "lake", "sea"], true, false];
const WIDE = ["match", ["get", "kind"], ["main", "road"], true, false];
/** Private and forbidden ways: dotted, beside colour a shape of their own. */
const SHUT = ["has", "access"];

/** A length on the ground that looks the same at every zoom from 13 up. @param {any} at13 @param {any} at17 */
const growing = (at13, at17) => [
  "interpolate",
  ["exponential", 1.6],
  ["zoom"],
  9,
  0.6,
  13,
  at13,
  17,
  at17,
  20,
  ["*", 5, at17],
];

/** @param {"plain" | "sun"} theme @returns {Record<string, string>} */
export function groundColours(theme) {
  return palette.ground[theme] ?? palette.ground.plain;
}

/** Steps as rungs, footbridges between rails, ferries dashed on the water, shut ways dotted. @param {any} from @param {any} colour */
function footLayers(from, colour) {
  const kind = (/** @type {string} */ name) => ["==", ["get", "kind"], name];
  const line = (/** @type {string} */ id, /** @type {any} */ filter, /** @type {any} */ paint) => ({
    id,
    type: "line",
    ...from,
    minzoom: 13,
    filter,
    paint,
  });
  const dashes = (/** @type {string} */ ink, /** @type {any} */ width, /** @type {number[]} */ pattern) => ({
    "line-color": ink,
    "line-width": width,
    "line-dasharray": pattern,
  });
  return [
    line("steps", kind("steps"), dashes(colour.label, growing(1.6, 7), [0.3, 0.5])),
    line("bridge-rails", kind("bridge"), { "line-color": colour.label, "line-width": growing(2.6, 9) }),
    line("bridges", kind("bridge"), { "line-color": colour.road, "line-width": growing(1.2, 5) }),
    line("ferries", kind("ferry"), dashes(colour.water_label, growing(1, 3), [1, 2.5])),
    line("shut-ways", SHUT, dashes("#6B2FA0", growing(0.9, 3.2), [0.6, 1.8])),
  ];
}

/** @param {{theme?: "plain" | "sun", source?: (layer: string) => string}} [options] @returns {any[]} */
export function groundLayers({ theme = "plain", source = (layer) => layer } = {}) {
  const colour = groundColours(theme);
  const from = (/** @type {string} */ layer) => ({ source: source(layer), "source-layer": layer });
  const round = { "line-cap": "round", "line-join": "round" };
  const halo = { "text-halo-color": colour.label_halo, "text-halo-width": 1.8 };
  const path = ["match", ["get", "kind"], ["path", "footway", "track"], true, false];
  const isApart = ["match", ["get", "kind"], ["path", "footway", "track", "steps", "bridge", "ferry"], true, false];
  return [
    { id: "background", type: "background", paint: { "background-color": colour.background } },
    {
      id: "fields",
      type: "fill",
      ...from("terrain"),
      filter: ["all", SURFACE, ["!", WATER]],
      paint: { "fill-color": ["match", ["get", "kind"], "built", colour.village, colour.field] },
    },
    {
      id: "water",
      type: "fill",
      ...from("terrain"),
      filter: ["all", SURFACE, WATER],
      paint: { "fill-color": colour.water },
    },
    {
      id: "streams",
      type: "line",
      ...from("terrain"),
      filter: ["all", LINE, WATER],
      layout: round,
      paint: {
        "line-color": colour.water,
        "line-width": growing(["match", ["get", "kind"], "river", 5, 2], ["match", ["get", "kind"], "river", 34, 9]),
      },
    },
    {
      id: "alley-cases",
      type: "line",
      ...from("alleys"),
      minzoom: 12.5,
      filter: ["!", isApart],
      layout: round,
      paint: {
        "line-color": colour.road_case,
        "line-width": growing(["case", WIDE, 3.4, 1.8], ["case", WIDE, 17, 9.5]),
      },
    },
    {
      id: "alleys",
      type: "line",
      ...from("alleys"),
      filter: ["!", isApart],
      layout: round,
      paint: {
        "line-color": ["step", ["zoom"], colour.road_case, 12.5, colour.road],
        "line-width": growing(["case", WIDE, 2.2, 0.9], ["case", WIDE, 14, 7.2]),
      },
    },
    {
      id: "paths",
      type: "line",
      ...from("alleys"),
      minzoom: 13,
      filter: path,
      layout: { "line-join": "round" },
      paint: { "line-color": colour.road_case, "line-width": growing(0.9, 3), "line-dasharray": [3, 1.6] },
    },
    ...footLayers(from("alleys"), colour),
    {
      id: "buildings",
      type: "fill",
      ...from("buildings"),
      minzoom: 15,
      paint: {
        "fill-color": colour.building,
        "fill-outline-color": colour.building_edge,
        "fill-opacity": ["case", ["has", "shed"], 0.4, 1],
      },
    },
    {
      id: WORDS_BEGIN,
      type: "symbol",
      ...from("terrain"),
      minzoom: 12,
      filter: ["all", WATER, ["has", "name"]],
      layout: {
        "symbol-placement": "line",
        "text-field": ["get", "name"],
        "text-font": FONT,
        "text-size": 13,
        "text-letter-spacing": 0.06,
        "symbol-spacing": 400,
      },
      paint: { ...halo, "text-color": colour.water_label },
    },
    {
      id: "names-alleys",
      type: "symbol",
      ...from("alleys"),
      minzoom: 15,
      filter: ["has", "name"],
      layout: {
        "symbol-placement": "line",
        "text-field": ["get", "name"],
        "text-font": FONT,
        "text-size": 13,
        "symbol-spacing": 320,
      },
      paint: { ...halo, "text-color": colour.label },
    },
  ];
}

/**
 * @param {{theme?: "plain" | "sun", tiles: (layer: string) => string, attribution?: string}} options
 * @returns {any} a MapLibre style
 */
export function groundStyle({ theme = "plain", tiles, attribution = "" }) {
  const source = (/** @type {string} */ layer, /** @type {number[]} */ [minzoom, maxzoom]) => ({
    type: "vector",
    tiles: [tiles(layer)],
    minzoom,
    maxzoom,
    attribution,
  });
  const sources = Object.fromEntries(Object.entries(ZOOMS).map(([layer, zooms]) => [layer, source(layer, zooms)]));
  return { version: 8, sources, layers: groundLayers({ theme }) };
}

/** Colours of a map that already stands, after the theme was changed. @param {any} map @param {"plain" | "sun"} theme */
export function repaintGround(map, theme) {
  for (const { id, paint } of groundLayers({ theme })) {
    if (!map.getLayer(id)) continue;
    for (const [property, value] of Object.entries(paint ?? {})) map.setPaintProperty(id, property, value);
  }
}
