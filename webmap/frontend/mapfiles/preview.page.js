// What a file would change, on our own ground: colour, dashes and stripes by how each feature stands, as in the list. A
// click in the list flies there; a click on the map names the feature. The list's tabs and pages come without a reload.

import { one, whenPresent } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { addLayers, canDrawMaps, createMap, currentTheme, fit, tileAddress } from "../maps/map.js";
import { groundStyle } from "../maps/style.js";

/** @typedef {{colour: string, dash: number[], word: string}} Mark */

const SURFACE = ["==", ["geometry-type"], "Polygon"];
const LINES = ["match", ["geometry-type"], ["Polygon", "LineString"], true, false];
const ORDER = ["same", "new", "gone", "changed", "refused", "finding"];

/** Stripes for surfaces, so that colour is never alone. @param {string} colour @param {number} turn @param {number} wide */
function stripes(colour, turn, wide) {
  const size = 16;
  const canvas = Object.assign(document.createElement("canvas"), { width: size, height: size });
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.globalAlpha = 0.16;
  pen.fillStyle = colour;
  pen.fillRect(0, 0, size, size);
  pen.globalAlpha = 0.75;
  pen.strokeStyle = colour;
  pen.lineWidth = wide;
  pen.beginPath();
  for (const at of [-size, 0, size]) {
    if (turn === 45) line(pen, at, size, at + size, 0);
    if (turn === 135) line(pen, at, 0, at + size, size);
    if (turn === 0) line(pen, size / 2, 0, size / 2, size);
    if (turn === 90) line(pen, 0, size / 2, size, size / 2);
  }
  if (wide) pen.stroke();
  return pen.getImageData(0, 0, size, size);
}

/** @param {CanvasRenderingContext2D} pen @param {number} x @param {number} y @param {number} toX @param {number} toY */
function line(pen, x, y, toX, toY) {
  pen.moveTo(x, y);
  pen.lineTo(toX, toY);
}

/** @param {Record<string, any>} marks @returns {any[]} */
function layers(marks) {
  const from = { source: "preview", "source-layer": "preview" };
  return ORDER.filter((state) => marks[state]).flatMap((state) => {
    const { colour, dash } = marks[state];
    const is = ["==", ["get", "state"], state];
    const dashes = dash.length > 0 ? { "line-dasharray": dash } : {};
    return [
      { id: `${state}-fill`, type: "fill", ...from, filter: ["all", is, SURFACE], paint: { "fill-pattern": `stripes-${state}` } },
      { id: `${state}-line`, type: "line", ...from, filter: ["all", is, LINES], paint: { "line-color": colour, "line-width": 2, ...dashes } },
      {
        id: `${state}-point`,
        type: "circle",
        ...from,
        filter: ["all", is, ["==", ["geometry-type"], "Point"]],
        paint: { "circle-color": colour, "circle-radius": 4, "circle-stroke-color": "#fff", "circle-stroke-width": 1 },
      },
    ];
  });
}

/** @param {HTMLElement} box */
async function start(box) {
  if (!canDrawMaps()) return;
  const bounds = JSON.parse(box.dataset.bounds ?? "[]");
  const marks = JSON.parse(box.dataset.marks ?? "{}");
  const style = groundStyle({ theme: currentTheme(), tiles: (layer) => tileAddress(layer) });
  const view = bounds.length === 4 ? { bounds, fitBoundsOptions: { padding: 30, maxZoom: 17 } } : { center: [106, 16], zoom: 5 };
  box.replaceChildren();
  const { map, maplibre } = await createMap(box, { label: _("What the file would change"), view, style });
  for (const [state, { colour, stripe, turn }] of Object.entries(marks)) map.addImage(`stripes-${state}`, stripes(colour, turn, stripe));
  const source = { type: "vector", tiles: [`${location.origin}${box.dataset.tiles}/{z}/{x}/{y}.mvt`], minzoom: 0, maxzoom: 16, promoteId: "id" };
  const drawn = layers(marks);
  addLayers(map, { preview: source }, drawn);
  map.addLayer({
    id: "picked",
    type: "line",
    source: "preview",
    "source-layer": "preview",
    filter: ["==", ["id"], -1],
    paint: { "line-color": "#14181D", "line-width": 5 },
  });
  const ids = drawn.map(({ id }) => id);
  map.on("click", (/** @type {any} */ event) => {
    const [found] = map.queryRenderedFeatures(event.point, { layers: ids });
    if (!found) return;
    const { name, state } = found.properties;
    new maplibre.Popup().setLngLat(event.lngLat).setText([marks[state].word, name].filter(Boolean).join(": ")).addTo(map);
  });
  document.addEventListener("click", (event) => fly(map, event));
  box.dataset.ready = "1";
}

/** @param {any} map @param {MouseEvent} event */
function fly(map, event) {
  const link = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-fly]"));
  if (!link) return;
  event.preventDefault();
  fit(map, JSON.parse(link.dataset.fly ?? "[]"), 60, 18);
  map.setFilter("picked", ["==", ["id"], Number(link.dataset.id ?? -1)]);
  one("#preview-map")?.scrollIntoView({ block: "nearest" });
}

/** Tabs and pages of the list, without losing the map. */
document.addEventListener("click", async (event) => {
  const link = /** @type {HTMLAnchorElement | null} */ (/** @type {Element} */ (event.target).closest("#features [data-part], #features .pager a"));
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const answer = await fetch(link.href);
  if (!answer.ok) return location.assign(link.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("#features");
  if (fresh) one("#features")?.replaceWith(fresh);
  history.replaceState(null, "", link.href);
});

whenPresent("[data-preview-map]", start);
