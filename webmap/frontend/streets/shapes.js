// What is drawn in the view, to be chosen and snapped to: alleys of the area and around, houses and numbers drawn by hand.
// Below SHAPES_FROM nothing can be taken hold of.
//
//   const shapes = startShapes(map, "/areas/7/edit-map")      shapes.refresh()     after something was saved
//   shapes.lines()          shapes.at(point) -> feature | null          shapes.choose(uuid | null)

import { getJson } from "../core/api.js";
import { settled } from "../core/events.js";
import { toast } from "../ui/toast.js";
import { addLayers, setData } from "../maps/map.js";

export const SHAPES_FROM = 14.5;
const FINGER_PIXELS = 14;
const IS = (/** @type {string} */ what) => ["==", ["get", "what"], what];
const IS_CLOSED = ["!=", ["get", "closed_on"], null];

/** Colour never alone: closed is dotted, private and forbidden are dashed, what was drawn by hand is thicker. */
function layers() {
  const source = "shapes";
  const round = { "line-cap": "round", "line-join": "round" };
  const kind = (/** @type {string} */ id, /** @type {any} */ filter, /** @type {any} */ paint) => ({
    id: `shapes-${id}`,
    type: "line",
    source,
    filter: ["all", IS("alley"), filter],
    layout: round,
    paint,
  });
  const isShut = ["all", ["!", IS_CLOSED], ["!=", ["get", "access"], "public"]];
  const isOpen = ["all", ["!", IS_CLOSED], ["==", ["get", "access"], "public"]];
  return [
    { id: "shapes-houses", type: "fill", source, filter: IS("building"), paint: { "fill-color": "#6A5B00", "fill-opacity": 0.45, "fill-outline-color": "#14181D" } },
    kind("chosen", ["==", ["get", "uuid"], ""], { "line-color": "#FFB000", "line-width": 15, "line-opacity": 0.9 }),
    kind("open", isOpen, { "line-color": "#12355B", "line-width": ["case", ["get", "is_drawn"], 4, 2.4] }),
    kind("shut", isShut, { "line-color": "#6B2FA0", "line-width": 3.2, "line-dasharray": [2.4, 1.6] }),
    kind("closed", IS_CLOSED, { "line-color": "#B02A05", "line-width": 3.2, "line-dasharray": [0.4, 1.8] }),
    {
      id: "shapes-ends",
      type: "circle",
      source: "shape-ends",
      minzoom: 16,
      paint: { "circle-radius": 3.5, "circle-color": "#FFFFFF", "circle-stroke-color": "#12355B", "circle-stroke-width": 2 },
    },
    {
      id: "shapes-numbers",
      type: "circle",
      source,
      filter: IS("address"),
      paint: { "circle-radius": 8, "circle-color": "#FFFFFF", "circle-stroke-color": "#6A5B00", "circle-stroke-width": 3 },
    },
  ];
}

const TAKEN = ["shapes-numbers", "shapes-open", "shapes-shut", "shapes-closed", "shapes-houses"];

/** @param {any} map @param {string} base */
export function startShapes(map, base) {
  /** @type {any[]} */
  let features = [];
  let asked = 0;
  setData(map, "shapes", []);
  setData(map, "shape-ends", []);
  addLayers(map, {}, layers());

  async function load() {
    const number = ++asked;
    if (map.getZoom() < SHAPES_FROM) return show([]);
    const box = map.getBounds();
    const bbox = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((edge) => edge.toFixed(6)).join(",");
    try {
      const found = await getJson(`${base}/shapes.json?bbox=${bbox}`);
      if (number === asked) show(found.features);
    } catch (problem) {
      if (number === asked) toast(/** @type {Error} */ (problem).message, { isBad: true });
    }
  }

  /** @param {any[]} found */
  function show(found) {
    features = found;
    setData(map, "shapes", features);
    const ends = lines().flatMap((line) => [line[0], line[line.length - 1]]);
    setData(map, "shape-ends", ends.map((coordinates) => ({ type: "Feature", geometry: { type: "Point", coordinates }, properties: {} })));
  }

  /** Alleys that are still walked. @returns {import("./snapping.js").Place[][]} */
  function lines() {
    return features.filter(({ properties }) => properties.what === "alley" && !properties.closed_on).map(({ geometry }) => geometry.coordinates);
  }

  map.on("moveend", settled(load, 200));
  return {
    lines,
    refresh() {
      const tiles = map.getSource("alleys");
      tiles?.setTiles(tiles.tiles.map((/** @type {string} */ address) => `${address.split("?")[0]}?edit=${Date.now()}`));
      return load();
    },
    start: load,
    /** @param {string} uuid */
    byUuid: (uuid) => features.find(({ properties }) => properties.uuid === uuid) ?? null,
    /** @param {{x: number, y: number}} point */
    at({ x, y }) {
      const box = [[x - FINGER_PIXELS, y - FINGER_PIXELS], [x + FINGER_PIXELS, y + FINGER_PIXELS]];
      const [found] = map.queryRenderedFeatures(box, { layers: TAKEN });
      return found ? (features.find(({ properties }) => properties.uuid === found.properties.uuid) ?? null) : null;
    },
    /** @param {string | null} uuid */
    choose: (uuid) => map.setFilter("shapes-chosen", ["==", ["get", "uuid"], uuid ?? ""]),
  };
}
