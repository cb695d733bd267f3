// An operator's own basemap (.pmtiles) instead of our ground, read in ranges from our own server.
//
//   switchGround(map, "name")     switchGround(map, "")  our own ground again
//
// Pictures (png, jpg, webp) are shown as they are; vectors are drawn in our colours, by the layers' names of the two
// schemas that files come in: OpenMapTiles (tilemaker, Planetiler) and Protomaps.

import { _ } from "../core/i18n.js";
import { toast } from "../ui/toast.js";
import { addLayers, currentTheme } from "./map.js";
import { BOLD, FONT, GROUND_SOURCES, WORDS_BEGIN, groundColours } from "./style.js";

/** What the layers of a schema are called; `kind` is the property that says what a thing is. */
const SCHEMAS = [
  {
    land: ["landcover", "landuse"],
    water: "water",
    roads: "transportation",
    road_names: "transportation_name",
    buildings: "building",
    places: "place",
    numbers: "housenumber",
    kind: "class",
    wide: ["motorway", "trunk", "primary", "secondary", "tertiary"],
    narrow: ["path", "track"],
    number: "housenumber",
  },
  {
    land: ["earth", "landcover", "landuse"],
    water: "water",
    roads: "roads",
    road_names: "roads",
    buildings: "buildings",
    places: "places",
    numbers: "buildings",
    kind: "kind",
    wide: ["highway", "major_road", "medium_road"],
    narrow: ["path", "other"],
    number: "addr_housenumber",
  },
];

/** The schema that a file's own list of layers follows. @param {string[]} names @returns {typeof SCHEMAS[number] | undefined} */
export function schemaOf(names) {
  return SCHEMAS.find((schema) => names.includes(schema.roads));
}

/** Names of a file's layers; a file made out of MBTiles has them in a text. @param {any} facts the file's metadata @returns {string[]} */
export function layersOf(facts) {
  const own = facts.vector_layers ?? JSON.parse(facts.json ?? "{}").vector_layers ?? [];
  return own.map((/** @type {any} */ layer) => layer.id);
}

/**
 * @param {typeof SCHEMAS[number]} schema @param {Record<string, string>} colour of our own ground
 * @returns {any[]} layers that draw a file of this schema from a source "foreign"
 */
export function foreignLayers(schema, colour) {
  const from = (/** @type {string} */ layer) => ({ source: "foreign", "source-layer": layer });
  const called = ["coalesce", ["get", "name:vi"], ["get", "name"], ["get", "name:latin"]];
  const isOf = (/** @type {string[]} */ kinds) => ["match", ["get", schema.kind], kinds, true, false];
  const width = (/** @type {number} */ wide, /** @type {number} */ other) => {
    const at = (/** @type {number} */ factor) => ["case", isOf(schema.wide), wide * factor, other * factor];
    return ["interpolate", ["exponential", 1.6], ["zoom"], 9, 0.6, 13, at(0.2), 17, at(1), 20, at(5)];
  };
  const surface = ["==", ["geometry-type"], "Polygon"];
  const halo = { "text-halo-color": colour.label_halo, "text-halo-width": 1.8 };
  const round = { "line-cap": "round", "line-join": "round" };
  const walk = isOf(schema.narrow);
  const road = ["all", ["==", ["geometry-type"], "LineString"], ["!", walk]];
  const water = { type: "fill", ...from(schema.water), filter: surface, paint: { "fill-color": colour.water } };
  const case_ = { "line-color": colour.road_case, "line-width": width(17, 9.5) };
  const paved = { "line-color": ["step", ["zoom"], colour.road_case, 12.5, colour.road], "line-width": width(14, 7.2) };
  const along = { "symbol-placement": "line", "text-field": called, "text-font": FONT, "text-size": 13 };
  const fill = { "fill-color": colour.building, "fill-outline-color": colour.building_edge };
  return [
    ...schema.land.map((layer) => ({
      id: `foreign-${layer}`,
      type: "fill",
      ...from(layer),
      filter: surface,
      paint: { "fill-color": layer === "earth" ? colour.background : colour.field, "fill-opacity": 0.7 },
    })),
    { id: "foreign-water", ...water },
    {
      id: "foreign-road-cases",
      type: "line",
      ...from(schema.roads),
      minzoom: 12.5,
      filter: road,
      layout: round,
      paint: case_,
    },
    { id: "foreign-roads", type: "line", ...from(schema.roads), filter: road, layout: round, paint: paved },
    {
      id: "foreign-paths",
      type: "line",
      ...from(schema.roads),
      minzoom: 14,
      filter: walk,
      paint: { "line-color": colour.road_case, "line-width": 2, "line-dasharray": [3, 1.6] },
    },
    { id: "foreign-buildings", type: "fill", ...from(schema.buildings), minzoom: 14, filter: surface, paint: fill },
    {
      id: "foreign-road-names",
      type: "symbol",
      ...from(schema.road_names),
      minzoom: 14,
      layout: { ...along, "symbol-spacing": 320 },
      paint: { ...halo, "text-color": colour.label },
    },
    {
      id: "foreign-numbers",
      type: "symbol",
      ...from(schema.numbers),
      minzoom: 17,
      layout: { "text-field": ["get", schema.number], "text-font": FONT, "text-size": 12 },
      paint: { ...halo, "text-color": colour.label },
    },
    {
      id: "foreign-places",
      type: "symbol",
      ...from(schema.places),
      maxzoom: 15,
      layout: { "text-field": called, "text-font": BOLD, "text-size": 14, "text-max-width": 8 },
      paint: { ...halo, "text-color": colour.area_label },
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

/** @param {any} file of PMTiles @returns {Promise<{source: any, layers: any[]}>} no layers: nobody knows how to draw it */
async function readGround(file) {
  const { TileType } = await import("pmtiles");
  const { tileType } = await file.getHeader();
  const facts = /** @type {any} */ (await file.getMetadata());
  const source = { url: `pmtiles://${file.source.getKey()}`, attribution: facts.attribution ?? facts.description };
  if (tileType !== TileType.Mvt)
    return {
      source: { ...source, type: "raster", tileSize: 256 },
      layers: [{ id: "foreign", type: "raster", source: "foreign" }],
    };
  const schema = schemaOf(layersOf(facts));
  const layers = schema ? foreignLayers(schema, groundColours(currentTheme())) : [];
  return { source: { ...source, type: "vector" }, layers };
}

/** @param {any} map @param {string} name */
export async function switchGround(map, name) {
  removeForeign(map);
  showOwn(map, true);
  if (!name) return;
  const [{ PMTiles, Protocol }, maplibre] = await Promise.all([import("pmtiles"), import("maplibre-gl")]);
  const protocol = new Protocol();
  const file = new PMTiles(`${location.origin}/basemaps/${name}.pmtiles`);
  protocol.add(file);
  maplibre.addProtocol("pmtiles", protocol.tile);
  const { source, layers } = await readGround(file);
  if (layers.length === 0) {
    toast(_("This basemap holds layers that cannot be drawn here."), { isBad: true });
    return;
  }
  showOwn(map, false);
  const isWord = (/** @type {any} */ layer) => layer.type === "symbol";
  const surfaces = layers.filter((layer) => !isWord(layer));
  const first = map.getStyle().layers.find((/** @type {any} */ layer) => layer.type !== "background")?.id;
  addLayers(map, { foreign: source }, surfaces, first);
  addLayers(map, {}, layers.filter(isWord), WORDS_BEGIN);
}
