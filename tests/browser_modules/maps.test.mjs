import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { showOnly } from "../../webmap/frontend/maps/found.js";
import { coverageColour, householdLayers } from "../../webmap/frontend/maps/layers.js";
import { routeLayers } from "../../webmap/frontend/maps/route-layers.js";
import { bestOf } from "../../webmap/frontend/maps/locate-me.js";
import { groundLayers, groundStyle } from "../../webmap/frontend/maps/style.js";
import { foreignLayers, layersOf, schemaOf } from "../../webmap/frontend/maps/ground.js";
import palette from "palette";
import { PMTiles } from "pmtiles";

const BASEMAP = new URL("../../../shared/data/basemap/hanoi_cat_linh_2023.pmtiles", import.meta.url);

test("a share gets the colour of its class, also with fewer thresholds than colours", () => {
  assert.deepEqual(coverageColour(["get", "rate"], [80, 95]), [
    "step",
    ["get", "rate"],
    palette.coverage_fills[0],
    80,
    palette.coverage_fills[3],
    95,
    palette.coverage_fills[5],
  ]);
  assert.equal(coverageColour(1).length, 3 + 2 * palette.coverage_thresholds_percent.length);
});

test("the ground has the same layers in both themes and names each only once", () => {
  const [plain, sun] = ["plain", "sun"].map((theme) => groundLayers({ theme }).map((layer) => layer.id));
  assert.deepEqual(plain, sun);
  assert.equal(new Set(plain).size, plain.length);
});

test("a route package may hold all layers in one source", () => {
  const sources = groundLayers({ source: () => "package" }).flatMap((layer) => layer.source ?? []);
  assert.deepEqual([...new Set(sources)], ["package"]);
  assert.deepEqual(Object.keys(groundStyle({ tiles: (layer) => `/t/${layer}` }).sources), [
    "terrain",
    "buildings",
    "alleys",
  ]);
});

test("points of our own data have no source-layer", () => {
  assert.ok(householdLayers({ sourceLayer: null }).every((layer) => !("source-layer" in layer)));
  assert.ok(householdLayers().every((layer) => layer["source-layer"] === "households"));
});

test("the ninth route looks like the first, and an unbroken one has no dashes", () => {
  const paint = (/** @type {number} */ number) => routeLayers({ number, source: "r" })[1].paint;
  assert.deepEqual(paint(palette.routes.length + 1), paint(1));
  assert.equal("line-dasharray" in paint(1), false);
});

test("a filter hides no house: those outside become dots, and no match at all is not 'all'", () => {
  const filters = {};
  const map = { setFilter: (id, filter) => (filters[id] = filter), setLayoutProperty: () => {} };
  showOnly(map, [7]);
  assert.deepEqual(filters, {
    households: ["match", ["id"], [7], true, false],
    "households-faint": ["!", ["match", ["id"], [7], true, false]],
  });
  showOnly(map, []);
  assert.deepEqual(filters, { households: false, "households-faint": true });
  showOnly(map, null);
  assert.deepEqual(filters, { households: true, "households-faint": false });
});

test("a few doors that were searched for are drawn larger than a whole village", () => {
  const sizes = {};
  const map = { setFilter: () => {}, setLayoutProperty: (id, name, size) => (sizes[id] = size[4]) };
  showOnly(map, [7]);
  const few = sizes.households;
  showOnly(map, null);
  assert.equal(typeof few, "number");
  assert.ok(sizes.households.at(-1) < few); // what has least to be done there, and everything else, is smaller
});

test("the best fix is the most accurate of the last twenty seconds, not of ever", () => {
  const fix = (at, accuracyMetres) => ({ lon: 0, lat: 0, at, accuracyMetres });
  assert.equal(bestOf([fix(0, 3), fix(15_000, 9), fix(29_000, 14)], 30_000).accuracyMetres, 9);
  assert.equal(bestOf([fix(0, 3)], 30_000), null);
});

test("an operator's basemap is drawn by the schema its layers follow", () => {
  const [open, proto] = [
    ["transportation", "building"],
    ["earth", "roads", "pois"],
  ].map(schemaOf);
  assert.equal(open.buildings, "building");
  assert.equal(proto.buildings, "buildings");
  assert.equal(schemaOf(["cadastre"]), undefined);
  const ids = foreignLayers(proto, palette.ground.plain).map((layer) => layer.id);
  assert.equal(new Set(ids).size, ids.length);
});

const why = existsSync(BASEMAP) ? false : "the real basemap is not at hand (../shared/data/basemap)";
test("every layer drawn of a real basemap is in the file", { skip: why }, async () => {
  const bytes = readFileSync(BASEMAP);
  const getBytes = async (from, length) => ({ data: new Uint8Array(bytes).buffer.slice(from, from + length) });
  const named = layersOf(await new PMTiles({ getKey: () => "cat-linh", getBytes }).getMetadata());
  const drawn = foreignLayers(schemaOf(named), palette.ground.plain).map((layer) => layer["source-layer"]);
  assert.ok(named.includes("housenumber") && drawn.includes("housenumber"));
  assert.deepEqual(
    drawn.filter((layer) => !named.includes(layer)),
    [],
  );
});
