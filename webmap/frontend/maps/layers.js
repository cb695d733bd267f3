// What is drawn on the ground: areas and cells by coverage, households by status, the chosen house.
// Each function returns layers (and, where the data are ours, an empty source) to give to addLayers in map.js.
//
//   areaLayers({thresholds, theme, source})          fills, outlines and names of areas, by level and zoom
//   peopleLayers({thresholds, source})               circles by the number of uncovered people, with the same source
//   cellLayers({thresholds, source})                 squares by coverage, for "where are the uncovered"
//   householdLayers({source, sourceLayer, minzoom})  symbols; sourceLayer null for GeoJSON. Properties: status, door_mark
//   chosenLayers(), positionLayers()                 with GeoJSON sources "chosen", "position" (set by map.js)
//   showOnly(map, numbers | null)                    households outside the filter become faint dots
//   coverageColour(percent, thresholds)              an expression: colour of a percent

import palette from "palette";
import { BOLD, groundColours } from "./style.js";

export const THRESHOLDS = palette.coverage_thresholds_percent;
/** From which zoom single houses are shown; below it cells and areas. */
export const HOUSEHOLDS_FROM = 13;

/** Drawn later, so on top, where houses lie close together. */
const ORDER = ["covered", "unknown", "reported", "pledged", "expiring", "partly", "uncovered"];
/** Between which zooms the areas of a level are drawn. */
export const LEVELS = { province: [0, 8], district: [7, 9], commune: [8, 11.5], village: [11.5, 24] };

/** @param {any} percent an expression @param {number[]} [thresholds] */
export function coverageColour(percent, thresholds = THRESHOLDS) {
  const fills = palette.coverage_fills;
  const last = fills.length - 1;
  const at = (/** @type {number} */ index) => fills[Math.round((index * last) / thresholds.length)];
  return ["step", percent, at(0), ...thresholds.flatMap((limit, index) => [limit, at(index + 1)])];
}

/**
 * @param {{thresholds?: number[], theme?: "plain" | "sun", source?: string, percent?: any}} [options]
 * @returns {{surfaces: any[], words: any[]}} surfaces belong beneath the words of the ground
 */
export function areaLayers({
  thresholds = THRESHOLDS,
  theme = "plain",
  source = "areas",
  percent = ["get", "rate"],
} = {}) {
  const colour = groundColours(theme);
  const surfaces = [];
  const words = [];
  for (const [level, [minzoom, maxzoom]] of Object.entries(LEVELS)) {
    const common = { source, "source-layer": "areas", minzoom, maxzoom };
    const isLevel = ["==", ["get", "level"], level];
    const isHull = ["==", ["get", "boundary_kind"], "hull"];
    surfaces.push(
      {
        id: `area-${level}`,
        type: "fill",
        ...common,
        filter: isLevel,
        paint: {
          "fill-color": ["case", ["has", "rate"], coverageColour(percent, thresholds), colour.village],
          "fill-opacity": ["interpolate", ["linear"], ["zoom"], 12, 0.45, 14, 0.16, 16, 0.06],
        },
      },
      {
        id: `area-${level}-edge`,
        type: "line",
        ...common,
        filter: ["all", isLevel, ["!", isHull]],
        paint: { "line-color": colour.outline, "line-width": level === "village" ? 1.2 : 1.8, "line-opacity": 0.75 },
      },
      {
        id: `area-${level}-hull`,
        type: "line",
        ...common,
        filter: ["all", isLevel, isHull],
        paint: { "line-color": colour.outline, "line-width": 1, "line-dasharray": [3, 3], "line-opacity": 0.6 },
      },
    );
    words.push({
      id: `area-${level}-name`,
      type: "symbol",
      ...common,
      "source-layer": "area_labels",
      maxzoom: Math.min(maxzoom, 15),
      filter: isLevel,
      layout: {
        "text-field": ["get", "name"],
        "text-font": BOLD,
        "text-size": ["interpolate", ["linear"], ["zoom"], 8, 12, 14, 15],
        "text-max-width": 8,
        "text-variable-anchor": ["center", "top", "bottom"],
        "text-radial-offset": 0.4,
      },
      paint: { "text-color": colour.area_label, "text-halo-color": colour.label_halo, "text-halo-width": 2 },
    });
  }
  return { surfaces, words };
}

/** @param {{thresholds?: number[], source?: string, percent?: any}} [options] @returns {any[]} */
export function cellLayers({ thresholds = THRESHOLDS, source = "cells", percent = ["get", "share"] } = {}) {
  const none = "rgba(0,0,0,0)"; // nobody on the register
  const fill = {
    "fill-color": ["case", ["has", "share"], coverageColour(percent, thresholds), none],
    "fill-opacity": 0.62,
  };
  return [{ id: "cells", type: "fill", source, "source-layer": "cells", paint: fill }];
}

/** Circles as large as the number of uncovered people, with the number. @param {{thresholds?: number[], source?: string}} [options] @returns {any[]} */
export function peopleLayers({ thresholds = THRESHOLDS, source = "areas" } = {}) {
  const radius = ["interpolate", ["linear"], ["sqrt", ["coalesce", ["get", "uncovered"], 0]], 0, 8, 10, 20, 40, 40];
  const disc = {
    "circle-radius": radius,
    "circle-color": coverageColour(["coalesce", ["get", "rate"], 100], thresholds),
    "circle-stroke-color": "#14181D",
    "circle-stroke-width": 1.5,
    "circle-opacity": 0.9,
  };
  const number = {
    "text-field": ["to-string", ["get", "uncovered"]],
    "text-font": BOLD,
    "text-size": 14,
    "text-allow-overlap": true,
  };
  const name = {
    "text-field": ["get", "name"],
    "text-font": BOLD,
    "text-size": 13,
    "text-anchor": "top",
    "text-offset": [0, 1.6],
  };
  const ink = { "text-color": "#14181D", "text-halo-color": "#FFFFFF", "text-halo-width": 2 };
  return Object.entries(LEVELS).flatMap(([level, [minzoom, maxzoom]]) => {
    const common = {
      source,
      "source-layer": "area_labels",
      minzoom,
      maxzoom,
      filter: ["all", ["==", ["get", "level"], level], ["has", "uncovered"]],
    };
    return [
      { id: `people-${level}`, type: "circle", ...common, paint: disc },
      { id: `people-${level}-number`, type: "symbol", ...common, layout: number, paint: ink },
      { id: `people-${level}-name`, type: "symbol", ...common, layout: name, paint: ink },
    ];
  });
}

// where houses lie close together, those with nothing left to do step back
export const SIZE_OF_MANY = [
  "interpolate",
  ["linear"],
  ["zoom"],
  12,
  ["match", ["get", "status"], "covered", 0.18, 0.36],
  15,
  ["match", ["get", "status"], "covered", 0.46, 0.62],
  17,
  1,
];

/**
 * @param {{id?: string, source?: string, sourceLayer?: string | null, minzoom?: number, filter?: any, badgesFrom?: number}} [options]
 * @returns {any[]}
 */
export function householdLayers({
  id = "households",
  source = "households",
  sourceLayer = "households",
  minzoom = HOUSEHOLDS_FROM,
  filter = true,
  badgesFrom = 15,
} = {}) {
  const common = { source, ...(sourceLayer ? { "source-layer": sourceLayer } : {}), minzoom };
  const plain = ["concat", "door:", ["get", "status"], ":not_visited"];
  const withBadge = ["concat", "door:", ["get", "status"], ":", ["coalesce", ["get", "door_mark"], "not_visited"]];
  const onTop = ["match", ["get", "status"], ...ORDER.flatMap((status, index) => [status, index]), 0];
  const layout = {
    "icon-image": ["step", ["zoom"], plain, badgesFrom, withBadge],
    "icon-size": SIZE_OF_MANY,
    "icon-allow-overlap": true,
    "icon-ignore-placement": true,
    "icon-rotation-alignment": "viewport",
    "symbol-sort-key": onTop,
  };
  const dots = {
    "circle-radius": ["interpolate", ["linear"], ["zoom"], 13, 1.5, 17, 4],
    "circle-color": "#7B8591",
    "circle-opacity": 0.55,
  };
  return [
    { id: `${id}-faint`, type: "circle", ...common, filter: false, paint: dots },
    { id, type: "symbol", ...common, filter, layout },
  ];
}

/** A ring around the chosen house; source "chosen". @returns {any[]} */
export function chosenLayers() {
  return [
    {
      id: "chosen",
      type: "circle",
      source: "chosen",
      paint: {
        "circle-radius": 24,
        "circle-color": "rgba(255,176,0,.35)",
        "circle-stroke-color": "#14181D",
        "circle-stroke-width": 3,
      },
    },
  ];
}

/** Where the device is, and how sure that is; source "position", property `radius` in pixels at zoom 20. @returns {any[]} */
export function positionLayers() {
  const reach = ["interpolate", ["exponential", 2], ["zoom"], 0, 0, 20, ["get", "radius"]];
  return [
    {
      id: "position-reach",
      type: "circle",
      source: "position",
      paint: {
        "circle-radius": reach,
        "circle-color": "rgba(22,104,220,.18)",
        "circle-stroke-color": "#1668DC",
        "circle-stroke-width": 1,
        "circle-pitch-alignment": "map",
      },
    },
    {
      id: "position",
      type: "circle",
      source: "position",
      paint: {
        "circle-radius": 8,
        "circle-color": "#1668DC",
        "circle-stroke-color": "#FFFFFF",
        "circle-stroke-width": 3,
      },
    },
  ];
}
