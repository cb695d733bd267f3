// What a phone on a slow network has to fetch, compressed with brotli. Needs the build (node build.mjs).
import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const DIST = join(dirname(fileURLToPath(import.meta.url)), "../../webmap/static/dist");
const isBuilt = existsSync(join(DIST, "manifest.json"));
const manifest = isBuilt ? JSON.parse(readFileSync(join(DIST, "manifest.json"), "utf8")) : {};
const options = { skip: isBuilt ? false : "the browser's files are not built" };

/** A script with everything it imports at once, without what comes later (import()). */
function withImports(file, seen = new Set()) {
  if (seen.has(file)) return seen;
  seen.add(file);
  const imports = readFileSync(join(DIST, file), "utf8").matchAll(/(?:from|import)"\.\/([\w.-]+\.js)"/g);
  for (const [, next] of imports) withImports(next, seen);
  return seen;
}

const bytes = (files) =>
  [...files].reduce(
    (sum, file) => sum + statSync(join(DIST, existsSync(join(DIST, `${file}.br`)) ? `${file}.br` : file)).size,
    0,
  );

test("the shell of a canvasser's page weighs at most 25 KB", options, () => {
  const files = [
    ...withImports(manifest["visits-walk.js"]),
    manifest["visits-walk.css"],
    manifest["app.css"],
    manifest["i18n-walk-vi.js"],
  ];
  const weight = bytes(files);
  assert.ok(weight <= 25_600, `${weight} bytes: ${files.join(", ")}`);
});

test("a map weighs at most 400 KB, with its worker and styles", options, () => {
  const library =
    [...withImports(manifest["maps-map.js"])].join("\n") + readFileSync(join(DIST, manifest["maps-map.js"]), "utf8");
  const [chunk] =
    /chunk-maplibre-gl-\w+\.js/.exec(
      [...withImports(manifest["maps-map.js"])].map((file) => readFileSync(join(DIST, file), "utf8")).join("") +
        library,
    ) ?? [];
  assert.ok(chunk, "the library is its own chunk");
  assert.ok(bytes([chunk, manifest["maplibre-worker.js"], manifest["map.css"]]) <= 400_000);
});

test("the fonts that a phone fetches weigh at most 70 KB", options, () => {
  const fonts = Object.entries(manifest)
    .filter(([name]) => /-(400|700)-normal\.woff2$/.test(name))
    .map(([, file]) => file);
  assert.equal(fonts.length, 4);
  assert.ok(bytes(fonts) <= 70_000, `${bytes(fonts)} bytes`);
});
