// How walks are drawn: each route by its own colour and dashes, with a badge where it begins, and the order of its doors.
//
//   routeLayers({number, source, filter})   white case, colour and dashes; number counts from 1
//   routeBadgeLayers(source)                T1 … Tn: points with the properties `label` and `number`
//   orderLabelLayers(source)                numbers beside points: property `label`

import palette from "palette";
import { BOLD } from "./style.js";

/** @param {{id?: string, number: number, source: string, filter?: any, isFaint?: boolean}} options @returns {any[]} */
export function routeLayers({ id, number, source, filter = true, isFaint = false }) {
  const name = id ?? `route-${number}`;
  const { colour, dashes } = palette.routes[(number - 1) % palette.routes.length];
  const round = { "line-join": "round", "line-cap": "butt" };
  const dash = dashes.length > 0 ? { "line-dasharray": dashes } : {};
  return [
    {
      id: `${name}-case`,
      type: "line",
      source,
      filter,
      layout: round,
      paint: { "line-color": "#FFFFFF", "line-width": 8, "line-opacity": isFaint ? 0.4 : 1 },
    },
    {
      id: name,
      type: "line",
      source,
      filter,
      layout: round,
      paint: { "line-color": colour, "line-width": 5, "line-opacity": isFaint ? 0.45 : 1, ...dash },
    },
  ];
}

/** T1 … Tn at the beginning of routes: points with the properties `label` and `number`. @param {string} source @returns {any[]} */
export function routeBadgeLayers(source) {
  const colours = palette.routes.flatMap((/** @type {any} */ route, /** @type {number} */ index) => [
    index,
    route.colour,
  ]);
  const count = palette.routes.length;
  const colour = ["match", ["%", ["-", ["get", "number"], 1], count], ...colours, palette.routes[0].colour];
  return [
    {
      id: `${source}-disc`,
      type: "circle",
      source,
      paint: {
        "circle-radius": 15,
        "circle-color": colour,
        "circle-stroke-color": "#FFFFFF",
        "circle-stroke-width": 2.5,
      },
    },
    {
      id: `${source}-label`,
      type: "symbol",
      source,
      layout: { "text-field": ["get", "label"], "text-font": BOLD, "text-size": 13, "text-allow-overlap": true },
      paint: { "text-color": "#FFFFFF" },
    },
  ];
}

/** Numbers beside points (order of doors): property `label`. @param {string} source @param {any} [filter] @returns {any[]} */
export function orderLabelLayers(source, filter = true) {
  const layout = {
    "text-field": ["get", "label"],
    "text-font": BOLD,
    "text-size": 13,
    "text-offset": [1.3, 0],
    "text-anchor": "left",
    "text-optional": true,
  };
  return [
    {
      id: `${source}-order`,
      type: "symbol",
      source,
      filter,
      layout,
      paint: { "text-color": "#14181D", "text-halo-color": "#FFFFFF", "text-halo-width": 2 },
    },
  ];
}
