// The routes of a plan on the map; a press on a line of the table brings its route out, and back again.

import { getJson } from "../core/api.js";
import { all, one } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { householdLayers } from "../maps/layers.js";
import { addLayers, canDrawMaps, createMap, currentTheme, fit, point, setData, tileAddress } from "../maps/map.js";
import { WORDS_BEGIN, groundStyle } from "../maps/style.js";
import { orderLabelLayers, routeBadgeLayers, routeLayers } from "../maps/route-layers.js";

/** @param {any[]} features @returns {[number, number, number, number] | null} */
function boundsOf(features) {
  const flat = features.flatMap((feature) => feature.geometry.coordinates.flat(Infinity));
  const lons = flat.filter((/** @type {number} */ _value, /** @type {number} */ index) => index % 2 === 0);
  const lats = flat.filter((/** @type {number} */ _value, /** @type {number} */ index) => index % 2 === 1);
  if (lons.length === 0) return null;
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

/** @param {any[]} doors */
function beginnings(doors) {
  return doors
    .filter((door) => door.properties.position === 1)
    .map((door) => point(door.geometry.coordinates[0], door.geometry.coordinates[1], { number: door.properties.route, label: `T${door.properties.route}` }));
}

/** @param {any} map @param {number[]} numbers */
function startChoosing(map, numbers) {
  const rows = all("[data-route]");
  let chosen = 0;
  const show = () => {
    for (const number of numbers) {
      const isFaint = chosen !== 0 && chosen !== number;
      map.setPaintProperty(`route-${number}`, "line-opacity", isFaint ? 0.15 : 1);
      map.setPaintProperty(`route-${number}-case`, "line-opacity", isFaint ? 0.2 : 1);
    }
    map.setFilter("doors", chosen === 0 ? true : ["==", ["get", "route"], chosen]);
    map.setFilter("doors-order", ["==", ["get", "route"], chosen]);
    for (const row of rows) row.setAttribute("aria-selected", String(Number(row.dataset.route) === chosen));
  };
  for (const row of rows) {
    row.addEventListener("click", (event) => {
      if (event.target instanceof Element && event.target.closest("details, a, button")) return;
      chosen = chosen === Number(row.dataset.route) ? 0 : Number(row.dataset.route);
      show();
    });
  }
}

/** @param {HTMLElement} container */
async function start(container) {
  const drawing = await getJson(String(container.dataset.planRoutes));
  const bounds = boundsOf([...drawing.lines.features, ...drawing.doors.features]);
  if (!bounds) return;
  const { map } = await createMap(container, {
    label: _("Map of the routes"),
    view: { bounds, fitBoundsOptions: { padding: 50, maxZoom: 17 } },
    style: groundStyle({ theme: currentTheme(), tiles: (layer) => tileAddress(layer) }),
  });
  for (const door of drawing.doors.features) door.properties.label = String(door.properties.position);
  setData(map, "plan-lines", drawing.lines);
  setData(map, "doors", drawing.doors);
  setData(map, "beginnings", beginnings(drawing.doors.features));
  const numbers = [...new Set(drawing.doors.features.map((/** @type {any} */ door) => door.properties.route))].map(Number);
  const filter = (/** @type {number} */ number) => ["==", ["get", "number"], number];
  addLayers(map, {}, numbers.flatMap((number) => routeLayers({ number, source: "plan-lines", filter: filter(number) })), WORDS_BEGIN);
  addLayers(map, {}, [
    ...householdLayers({ id: "doors", source: "doors", sourceLayer: null, minzoom: 0 }),
    ...orderLabelLayers("doors", false),
    ...routeBadgeLayers("beginnings"),
  ]);
  startChoosing(map, numbers);
  fit(map, bounds, 50);
}

const container = one("[data-plan-routes]");
if (container && canDrawMaps()) start(container);
