// The map page: layers by zoom, filters from the address, the list beside the map, the card of the chosen house.
//
// The address is the one truth: ?filters (made by the server for list and legend), ?household=, ?placing=, #zoom/lat/lon.

import { getJson } from "../core/api.js";
import { all, one } from "../core/dom.js";
import { listen, settled } from "../core/events.js";
import { parseHash } from "../core/geo.js";
import { _ } from "../core/i18n.js";
import { openSheet } from "../ui/sheet.js";
import { toast } from "../ui/toast.js";
import { startBeside } from "./beside.js";
import { showBuilding, showCard } from "./card.js";
import { showOnly, sizeDoors } from "./found.js";
import { switchGround } from "./ground.js";
import { areaLayers, cellLayers, HOUSEHOLDS_FROM, householdLayers, LEVELS, peopleLayers } from "./layers.js";
import { keepInList, startList } from "./list.js";
import { startLocateButtons } from "./locate-me.js";
import {
  addLayers,
  canDrawMaps,
  choose,
  createMap,
  currentTheme,
  fit,
  goTo,
  point,
  setData,
  tileAddress,
} from "./map.js";
import { startPlacing } from "./placing.js";
import { nameSources } from "./sources.js";
import { groundStyle, WORDS_BEGIN } from "./style.js";

const container = /** @type {HTMLElement} */ (one("#map"));
const facts = container.dataset;
/** @param {string | undefined} text */
const read = (text) => (text ? JSON.parse(text) : null);

/** Room for what floats on the map. */
function padding() {
  return innerWidth > 1000
    ? { top: 70, bottom: 60, left: 30, right: 310 }
    : { top: 70, bottom: 50, left: 24, right: 24 };
}

function openingView() {
  const place = parseHash(location.hash);
  const chosen = read(facts.chosen) ?? read(facts.placing);
  if (place) return place;
  if (chosen?.lon) return { center: [chosen.lon, chosen.lat], zoom: 17 };
  const found = one(".side-head")?.dataset.bounds;
  return { bounds: read(found) ?? read(facts.bounds), fitBoundsOptions: { padding: padding(), maxZoom: 17 } };
}

/** @param {any} map */
function drawOurLayers(map) {
  const thresholds = read(facts.thresholds);
  const theme = currentTheme();
  const vector = (/** @type {string} */ layer, /** @type {number} */ minzoom, /** @type {number} */ maxzoom) => ({
    type: "vector",
    tiles: [tileAddress(layer)],
    minzoom,
    maxzoom,
  });
  const areas = areaLayers({ thresholds, theme });
  addLayers(map, { areas: vector("areas", 4, 16) }, areas.surfaces, WORDS_BEGIN);
  addLayers(map, { cells: vector("cells", 4, 14) }, cellLayers({ thresholds }), WORDS_BEGIN);
  if (facts.seesPersons === "1")
    addLayers(map, { households: vector("households", HOUSEHOLDS_FROM, 16) }, householdLayers());
  setData(map, "matched", []);
  addLayers(
    map,
    {},
    householdLayers({ id: "matched", source: "matched", sourceLayer: null, minzoom: 0 })
      .slice(1)
      .map((layer) => ({ ...layer, maxzoom: HOUSEHOLDS_FROM })),
  );
  addLayers(map, {}, [...peopleLayers({ thresholds }), ...areas.words]);
}

/** Areas by their rate, by their number of people, clusters as cells, or none of these. @param {any} map @param {string} wanted */
function show(map, wanted) {
  for (const { id } of map.getStyle().layers) {
    if (/^area-\w+$/.test(id)) map.setLayoutProperty(id, "visibility", wanted === "areas" ? "visible" : "none");
    if (/^area-\w+-name$/.test(id)) map.setLayoutProperty(id, "visibility", wanted === "people" ? "none" : "visible");
    if (id.startsWith("people-")) map.setLayoutProperty(id, "visibility", wanted === "people" ? "visible" : "none");
    if (id === "cells") map.setLayoutProperty(id, "visibility", wanted === "cells" ? "visible" : "none");
  }
  // what is counted together must not lie under the doors themselves
  const from = wanted === "people" || wanted === "cells" ? 15 : HOUSEHOLDS_FROM;
  for (const id of ["households", "households-faint"]) if (map.getLayer(id)) map.setLayerZoomRange(id, from, 24);
  for (const button of all("[data-show]")) button.setAttribute("aria-pressed", String(button.dataset.show === wanted));
}

/** Areas of the chosen day, and the parts of the chosen area at every zoom. @param {any} map */
function followAreas(map) {
  const head = one(".side-head")?.dataset ?? {};
  map.getSource("areas").setTiles([tileAddress("areas", head.areas ?? "")]);
  for (const [level, [from, until]] of Object.entries(LEVELS))
    for (const { id } of map.getStyle().layers)
      if (id.startsWith(`area-${level}`)) map.setLayerZoomRange(id, level === head.below ? 0 : from, until);
}

let isFilteredByServer = false;

/** Doors outside the filter become faint dots; few that fit are also seen from afar. @param {any} map @param {string} query */
async function applyFilter(map, query) {
  if (facts.seesPersons !== "1") return;
  const isOnlyArea = /^(area=\d+)?&?(on=[\d-]+)?$/.test(query);
  const found = isOnlyArea
    ? null
    : await getJson(`/map/matches.json?${query}`).catch((problem) => toast(problem.message, { isBad: true }));
  showOnly(map, found?.numbers ?? null);
  // too many to name: the server leaves those outside the filter out of the tiles themselves
  const isTooMany = Boolean(found && found.numbers === null);
  if (isTooMany || isFilteredByServer)
    map.getSource("households").setTiles([tileAddress("households", isTooMany ? query : "")]);
  isFilteredByServer = isTooMany;
  const points = (found?.points ?? []).map((/** @type {any[]} */ [number, status, door_mark, lon, lat]) =>
    point(lon, lat, { status, door_mark }, number),
  );
  setData(map, "matched", points);
  sizeDoors(map, "matched", points.length);
}

/** @param {any} map */
function followAddress(map) {
  const write = settled(() => {
    const { lng, lat } = map.getCenter();
    history.replaceState(
      history.state,
      "",
      `${location.pathname}${location.search}#${map.getZoom().toFixed(2)}/${lat.toFixed(5)}/${lng.toFixed(5)}`,
    );
  }, 300);
  map.on("moveend", write);
  addEventListener("hashchange", () => {
    const place = parseHash(location.hash);
    if (place) map.jumpTo(place);
  });
}

/** On a phone the grip says how many were found, and after a search the list stands right below it. */
function showFoundInSheet() {
  openSheet(/** @type {HTMLElement} */ (one("#side")), "half");
  sayFound();
  const search = one("#q");
  if (document.activeElement !== search) return;
  search?.blur();
  one("#side-list")?.scrollIntoView();
}

const grip = one("#grip-words");
const usualGrip = grip?.textContent ?? "";

function sayFound() {
  const found = one(".side-head h2")?.textContent;
  if (grip) grip.textContent = found ? `${found} · ${usualGrip}` : usualGrip;
}

/** @param {any} map */
function followFilter(map) {
  document.addEventListener("htmx:after:settle", () => {
    const head = one(".side-head");
    if (!head || head.dataset.isRead) return;
    head.dataset.isRead = "yes";
    applyFilter(map, head.dataset.query ?? "");
    followAreas(map);
    // the sheet first: what it covers is not there for the doors that were found
    if (innerWidth <= 760) showFoundInSheet();
    if (head.dataset.bounds) fit(map, read(head.dataset.bounds), padding());
  });
  const head = one(".side-head");
  if (head) head.dataset.isRead = "yes";
  followAreas(map);
  sayFound();
  return applyFilter(map, facts.query ?? "");
}

/** @param {any} map @param {{id: string, lon?: number | null, lat?: number | null}} door */
function chooseDoor(map, door) {
  const place =
    door.lon === null || door.lon === undefined ? null : { lon: door.lon, lat: /** @type {number} */ (door.lat) };
  keepInList(door.id);
  showCard(door.id);
  choose(map, place);
  if (place) goTo(map, place, 16);
}

/** @param {any} map */
function listenToClicks(map) {
  map.on("click", "households", async (/** @type {any} */ event) => {
    if (facts.placing) return;
    try {
      chooseDoor(map, await getJson(`/map/doors/${event.features[0].id}.json`));
    } catch (problem) {
      toast(/** @type {Error} */ (problem).message, { isBad: true });
    }
  });
  for (const layer of ["households", "matched"]) {
    map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = "pointer"));
    map.on("mouseleave", layer, () => (map.getCanvas().style.cursor = ""));
  }
  map.on("click", "matched", (/** @type {any} */ event) => {
    const [lon, lat] = event.features[0].geometry.coordinates;
    goTo(map, { lon, lat }, 16);
  });
}

function openLegendWhereThereIsRoom() {
  const isWide = matchMedia("(min-width: 761px)");
  const adapt = () => one("details.map-legend")?.toggleAttribute("open", isWide.matches);
  isWide.addEventListener("change", adapt);
  adapt();
}

/** @param {any} map */
function startControls(map) {
  for (const button of all("[data-show]"))
    button.addEventListener("click", () => show(map, button.dataset.show ?? "none"));
  one("[data-home-view]")?.addEventListener("click", () => fit(map, read(facts.home), padding()));
  one("[data-ground]")?.addEventListener("change", (event) =>
    switchGround(map, /** @type {HTMLSelectElement} */ (event.target).value).catch((problem) =>
      toast(problem.message, { isBad: true }),
    ),
  );
  openLegendWhereThereIsRoom();
  startLocateButtons(map);
  startBeside(map, (building) => facts.placing || showBuilding(building));
  show(map, "areas");
}

async function start() {
  startList((door) => listeners.forEach((choosing) => choosing(door)));
  if (!canDrawMaps()) {
    one("#map-missing")?.removeAttribute("hidden");
    return;
  }
  const style = groundStyle({ theme: currentTheme(), tiles: tileAddress });
  const { map, maplibre } = await createMap(container, {
    label: _("Map of the households. Arrow keys move it, plus and minus zoom."),
    view: openingView(),
    style,
  });
  drawOurLayers(map);
  nameSources(map, maplibre);
  startControls(map);
  listenToClicks(map);
  followAddress(map);
  listeners.push((door) => chooseDoor(map, door));
  if (facts.placing) startPlacing(map, read(facts.placing));
  listen("sheet:changed", ({ state }) =>
    map.setPadding({ bottom: state === "low" ? 0 : container.clientHeight * 0.5 }),
  );
  listen("household:placed", ({ lon, lat }) => goTo(map, { lon, lat }));
  await followFilter(map);
  if (facts.chosen) chooseDoor(map, read(facts.chosen));
  Object.assign(container, { map }); // for tests, and for whoever looks in the browser's tools
  map.once("idle", () => (container.dataset.state = "ready"));
}

/** @type {((door: any) => void)[]} */
const listeners = [];
start();
