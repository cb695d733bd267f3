// An operator's own basemap (.pmtiles) instead of our ground, read in ranges from our own server.
//
//   switchGround(map, "name")     switchGround(map, "")  our own ground again
//
// Pictures (png, jpg, webp) are shown as they are; vectors are drawn by the layers' usual names (earth, landuse, water,
// roads, buildings, as Protomaps and most extracts of OpenStreetMap have them), in our colours.

import { addLayers, currentTheme } from "./map.js";
import { FONT, GROUND_SOURCES, groundColours } from "./style.js";

/** @param {any} colour @returns {any[]} */
function vectorLayers(colour) {
  const from = (/** @type {string} */ layer) => ({ source: "foreign", "source-layer": layer });
  const name = ["coalesce", ["get", "name:vi"], ["get", "name"]];
  return [
    { id: "foreign-earth", type: "fill", ...from("earth"), paint: { "fill-color": colour.background } },
    {
      id: "foreign-landuse",
      type: "fill",
      ...from("landuse"),
      paint: { "fill-color": colour.field, "fill-opacity": 0.5 },
    },
    {
      id: "foreign-water",
      type: "fill",
      ...from("water"),
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": colour.water },
    },
    {
      id: "foreign-roads",
      type: "line",
      ...from("roads"),
      paint: {
        "line-color": colour.road_case,
        "line-width": ["interpolate", ["exponential", 1.6], ["zoom"], 8, 0.6, 16, 6],
      },
    },
    {
      id: "foreign-buildings",
      type: "fill",
      ...from("buildings"),
      minzoom: 14,
      paint: { "fill-color": colour.building, "fill-outline-color": colour.building_edge },
    },
    {
      id: "foreign-names",
      type: "symbol",
      ...from("roads"),
      minzoom: 14,
      layout: { "symbol-placement": "line", "text-field": name, "text-font": FONT, "text-size": 12 },
      paint: { "text-color": colour.label, "text-halo-color": colour.label_halo, "text-halo-width": 1.6 },
    },
  ];
}

/** @param {any} map @param {boolean} isShown */
function showOwn(map, isShown) {
  for (const layer of map.getStyle().layers) {
    if (GROUND_SOURCES.includes(layer.source))
      map.setLayoutProperty(layer.id, "visibility", isShown ? "visible" : "none");
  }
}

/** @param {any} map */
function removeForeign(map) {
  for (const layer of map.getStyle().layers) if (layer.source === "foreign") map.removeLayer(layer.id);
  if (map.getSource("foreign")) map.removeSource("foreign");
}

/** @param {any} map @param {string} name */
export async function switchGround(map, name) {
  removeForeign(map);
  showOwn(map, !name);
  if (!name) return;
  const [{ PMTiles, Protocol, TileType }, maplibre] = await Promise.all([import("pmtiles"), import("maplibre-gl")]);
  const protocol = new Protocol();
  const file = new PMTiles(`${location.origin}/basemaps/${name}.pmtiles`);
  protocol.add(file);
  maplibre.addProtocol("pmtiles", protocol.tile);
  const { tileType } = await file.getHeader();
  const isVector = tileType === TileType.Mvt;
  const { attribution } = /** @type {any} */ (await file.getMetadata());
  const source = {
    type: isVector ? "vector" : "raster",
    url: `pmtiles://${file.source.getKey()}`,
    attribution,
    ...(isVector ? {} : { tileSize: 256 }),
  };
  const layers = isVector
    ? vectorLayers(groundColours(currentTheme()))
    : [{ id: "foreign", type: "raster", source: "foreign" }];
  const first = map.getStyle().layers.find((/** @type {any} */ layer) => layer.type !== "background")?.id;
  addLayers(map, { foreign: source }, layers, first);
}
