// The map of a walk: its line, the doors still to visit with their numbers, finished ones as dots, the chosen one.

import { householdLayers } from "../maps/layers.js";
import { orderLabelLayers, routeLayers } from "../maps/route-layers.js";
import { showPosition } from "../maps/locate-me.js";
import { addLayers, canDrawMaps, choose, createMap, currentTheme, goTo, point, setData, tileAddress } from "../maps/map.js";
import { WORDS_BEGIN, groundStyle } from "../maps/style.js";
import { element, one } from "../core/dom.js";
import { _ } from "../core/i18n.js";

/** The map's own styles come with the map, after the list is usable. @param {string} href */
function loadStyles(href) {
  return new Promise((resolve) => document.head.append(element("link", { rel: "stylesheet", href, onload: resolve, onerror: resolve })));
}

/** @param {any[]} stops */
function features(stops) {
  return stops.filter((stop) => stop.lon !== null).map((stop) => point(stop.lon, stop.lat, { status: stop.status, door_mark: stop.door_mark, label: String(stop.position), position: stop.position, is_visited: stop.is_visited }));
}

/** @param {HTMLElement} page @param {any} route @param {(position: number) => void} onChoose */
export async function startWalkMap(page, route, onChoose) {
  const frame = /** @type {HTMLElement} */ (one(".walk-map", page));
  const container = /** @type {HTMLElement} */ (one("[data-walk-map]", page));
  const places = route.stops.filter((/** @type {any} */ stop) => stop.lon !== null);
  if (!canDrawMaps() || places.length === 0) return null;
  await loadStyles(String(page.dataset.mapCss));
  frame.hidden = false;
  page.classList.add("has-map");
  const first = places.find((/** @type {any} */ stop) => !stop.is_visited) ?? places[0];
  const { map } = await createMap(container, {
    label: _("Map of the route"),
    view: { center: [first.lon, first.lat], zoom: 17 },
    style: groundStyle({ theme: currentTheme(), tiles: (layer) => tileAddress(layer) }),
    controls: false,
  });
  if (route.line) {
    setData(map, "line", { type: "Feature", geometry: route.line, properties: {} });
    addLayers(map, {}, routeLayers({ id: "walk", number: 1, source: "line", isFaint: true }), WORDS_BEGIN);
  }
  setData(map, "doors", []);
  const isDone = ["get", "is_visited"];
  const dots = { id: "done", type: "circle", source: "doors", filter: isDone, paint: { "circle-radius": 5, "circle-color": "#107563", "circle-stroke-color": "#FFFFFF", "circle-stroke-width": 1.5 } };
  const doors = householdLayers({ id: "doors", source: "doors", sourceLayer: null, minzoom: 0, filter: ["!", isDone], badgesFrom: 0 });
  addLayers(map, {}, [dots, ...doors, ...orderLabelLayers("doors", ["!", isDone])]);
  map.on("click", "doors", (/** @type {any} */ event) => onChoose(event.features[0].properties.position));
  return {
    /** @param {any[]} stops @param {any} stop @param {any} fix */
    show(stops, stop, fix) {
      setData(map, "doors", features(stops));
      choose(map, stop && stop.lon !== null ? stop : null, "doors-faint");
      if (stop && stop.lon !== null) goTo(map, stop, 16.5);
      else if (fix) goTo(map, fix, 16.5);
    },
    position: (/** @type {any} */ fix) => showPosition(map, fix),
    goTo: (/** @type {any} */ fix) => goTo(map, fix),
  };
}
