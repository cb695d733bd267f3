// One map for the staff's page, planning and the phone: MapLibre on our own ground.
//
//   const {map} = await createMap(container, {
//     label: _("Map of households"),           what a screen reader says
//     view: {bounds: [w, s, e, n]} or {center: [lon, lat], zoom},
//     style: groundStyle({theme, tiles}),      of style.js, or any other style; tileAddress("alleys") for our tiles
//     controls: true,                          zoom buttons, scale
//     words: {…}                               MapLibre's own words (defaults are ours, translated)
//   });
//   addLayers(map, {households: source}, [...layers], beforeId)
//   setData(map, "chosen", features)           GeoJSON source, made when it is not there yet
//   choose(map, {lon, lat} | null)             ring around a house
//   fit(map, bounds, padding)                  respects reduced motion
//   canDrawMaps()                              false without WebGL 2: show the list and the server's sketch instead
//
// The library comes lazily, in its own chunk, and its worker from our own address (strict CSP).

import { element } from "../core/dom.js";
import { listen } from "../core/events.js";
import { _ } from "../core/i18n.js";
import { chosenLayers } from "./layers.js";
import { repaintGround } from "./style.js";
import { drawOnDemand } from "./symbols.js";

/* global MAPLIBRE_WORKER -- name of the worker's file, put in by build.mjs */

const EMPTY = { type: "FeatureCollection", features: [] };

export function canDrawMaps() {
  try {
    return Boolean(document.createElement("canvas").getContext("webgl2"));
  } catch {
    return false;
  }
}

/** Fonts first: the map keeps the glyphs that it finds when it is made. */
function loadFonts() {
  const samples = ["ờế", "a1"];
  const families = ["Be Vietnam Pro", "BVP Bold"];
  return Promise.all(
    families.flatMap((family) => samples.map((text) => document.fonts.load(`400 24px '${family}'`, text))),
  );
}

/** @returns {Promise<any>} */
async function library() {
  const [maplibre] = await Promise.all([import("maplibre-gl"), loadFonts()]);
  // @ts-ignore put in by the build
  maplibre.setWorkerUrl(new URL(`./${MAPLIBRE_WORKER}`, import.meta.url).href);
  return maplibre;
}

/** @param {string} layer @param {string} [query] "status=partly", of the filters; the server answers within them */
export function tileAddress(layer, query = "") {
  return `${location.origin}/tiles/${layer}/{z}/{x}/{y}.mvt${query ? `?${query}` : ""}`;
}

/** @returns {"plain" | "sun"} */
export function currentTheme() {
  return document.documentElement.dataset.theme === "sun" ? "sun" : "plain";
}

function ownWords() {
  return {
    "NavigationControl.ZoomIn": _("Zoom in"),
    "NavigationControl.ZoomOut": _("Zoom out"),
    "NavigationControl.ResetBearing": _("North up"),
    "AttributionControl.ToggleAttribution": _("Sources of the map"),
    "Map.Title": _("Map"),
    "Popup.Close": _("Close"),
  };
}

/**
 * @param {HTMLElement} container
 * @param {{label: string, view: Record<string, any>, style: any, controls?: boolean, options?: Record<string, any>}} options
 * @returns {Promise<{map: any, maplibre: any}>} when the style is ready for layers
 */
export async function createMap(container, { label, view, style, controls = true, options = {} }) {
  const maplibre = await library();
  const map = new maplibre.Map({
    container,
    style,
    locale: ownWords(),
    attributionControl: false,
    fadeDuration: 0,
    maxZoom: 20,
    dragRotate: false,
    pitchWithRotate: false,
    ...view,
    ...options,
  });
  map.touchZoomRotate.disableRotation();
  drawOnDemand(map);
  if (controls) {
    map.addControl(new maplibre.NavigationControl({ showCompass: false }), "bottom-right");
    map.addControl(new maplibre.ScaleControl({ maxWidth: 100 }), "bottom-left");
    map.addControl(new maplibre.AttributionControl({ compact: true }), "bottom-left");
  }
  const canvas = map.getCanvas();
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", label);
  map.on("error", (/** @type {any} */ problem) => tellTrouble(container, problem.error));
  listen("theme:changed", ({ theme }) => repaintGround(map, theme));
  await map.once("load");
  if (innerWidth < 500)
    map.once("idle", () =>
      container.querySelector(".maplibregl-compact-show")?.classList.remove("maplibregl-compact-show"),
    );
  return { map, maplibre };
}

/** A tile that does not come is told once, on the map itself. @param {HTMLElement} container @param {any} error */
function tellTrouble(container, error) {
  if (error?.name === "AbortError") return;
  console.warn("map:", error?.message ?? error);
  if (container.querySelector(".map-note")) return;
  const note = element(
    "p",
    { class: "map-note notice warn", role: "status" },
    _("Part of the map did not load. It is asked for again when you move the map."),
  );
  container.append(note);
  setTimeout(() => note.remove(), 6000);
}

/** @param {any} map @param {Record<string, any>} sources @param {any[]} layers @param {string} [before] */
export function addLayers(map, sources, layers, before) {
  for (const [name, source] of Object.entries(sources)) if (!map.getSource(name)) map.addSource(name, source);
  for (const layer of layers)
    if (!map.getLayer(layer.id)) map.addLayer(layer, map.getLayer(before) ? before : undefined);
}

/** @param {any} map @param {string} name @param {any[] | any} features features, or a whole GeoJSON object */
export function setData(map, name, features) {
  const data = Array.isArray(features) ? { type: "FeatureCollection", features } : features;
  const source = map.getSource(name);
  if (source) source.setData(data);
  else map.addSource(name, { type: "geojson", data });
}

/** @param {number} lon @param {number} lat @param {Record<string, any>} [properties] @param {number} [id] */
export function point(lon, lat, properties = {}, id) {
  return {
    type: "Feature",
    ...(id === undefined ? {} : { id }),
    geometry: { type: "Point", coordinates: [lon, lat] },
    properties,
  };
}

/** @param {any} map @param {{lon: number, lat: number} | null} place @param {string} [before] the households' layer */
export function choose(map, place, before = "households-faint") {
  setData(map, "chosen", place ? [point(place.lon, place.lat)] : EMPTY);
  addLayers(map, {}, chosenLayers(), before);
}

/** @param {any} map @param {[number, number, number, number]} bounds @param {any} [padding] @param {number} [maxZoom] */
export function fit(map, bounds, padding = 40, maxZoom = 17) {
  map.fitBounds(bounds, { padding, maxZoom, duration: isCalm() ? 0 : 600 });
}

/** @param {any} map @param {{lon: number, lat: number}} place @param {number} [zoom] */
export function goTo(map, place, zoom = 17) {
  map.easeTo({ center: [place.lon, place.lat], zoom: Math.max(map.getZoom(), zoom), duration: isCalm() ? 0 : 600 });
}

function isCalm() {
  return globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;
}
