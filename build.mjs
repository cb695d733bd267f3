// Builds what browsers receive: webmap/frontend -> webmap/static/dist, with content hashes and a manifest.
//
//   node build.mjs            once        node build.mjs --watch   again at every change
//
// Entries are found, not listed:
//   webmap/frontend/app.js, css/app.css, css/map.css     on every staff page / with every map
//   webmap/frontend/**/*.page.js, *.page.css             of one page; "maps/map.page.js" is asset('maps-map.js')
//   webmap/frontend/sw.js                                the service worker: dist/sw.js, unhashed, one classic file
//   webmap/translations/<language>/…/messages.po         the browser's sentences: asset('i18n-vi.js'), of a walk alone: asset('i18n-walk-vi.js')
// manifest.json maps each name to its hashed file; every file has .br and .gz siblings.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { browserSentences } from "./webmap/frontend/build/sentences.mjs";
import { licenceTexts } from "./webmap/frontend/build/licences.mjs";
import { paletteCss } from "./webmap/frontend/build/palette_css.mjs";

const ROOT = import.meta.dirname;
const SOURCES = path.join(ROOT, "webmap/frontend");
const OUT = path.join(ROOT, "webmap/static/dist");
const PALETTE = path.join(ROOT, "gis_layers/render/palette.json");
const TRANSLATIONS = path.join(ROOT, "webmap/translations");
const UNHASHED = ["sw.js", "third-party-licences.txt"];
const COMMON = {
  bundle: true,
  minify: true,
  metafile: true,
  legalComments: "none",
  logLevel: "warning",
  target: ["chrome94", "firefox114", "safari15.4"],
  absWorkingDir: ROOT,
};

/** The palette as modules: `palette` for scripts, `palette.css` for style sheets. */
const palettePlugin = {
  name: "palette",
  setup(build) {
    build.onResolve({ filter: /^palette(\.css)?$/ }, ({ path: name }) => ({ path: name, namespace: "palette" }));
    build.onLoad({ filter: /.*/, namespace: "palette" }, ({ path: name }) => {
      const text = readFileSync(PALETTE, "utf8");
      return name.endsWith(".css")
        ? { contents: paletteCss(JSON.parse(text)), loader: "css", watchFiles: [PALETTE] }
        : { contents: text, loader: "json", watchFiles: [PALETTE] };
    });
  },
};

/** Files below `folder` whose path matches, relative to it. */
function find(matching, folder = SOURCES) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .map((file) => file.split(path.sep).join("/"))
    .filter((file) => matching.test(file))
    .sort();
}

/** "maps/map.page.js" -> "maps-map"; "css/app.css" -> "app". */
function entryName(file) {
  const { dir, name } = path.parse(file);
  return [...dir.split("/").filter((part) => part && part !== "css"), name.replace(/\.page$/, "")].join("-");
}

function entryPoints(files) {
  return files.map((file) => ({ in: path.join(SOURCES, file), out: entryName(file) }));
}

function hashedName(name, contents) {
  const { name: stem, ext } = path.parse(name);
  const hash = createHash("sha256").update(contents).digest("base64url").replace(/[-_]/g, "").slice(0, 10);
  return `${stem}-${hash}${ext}`;
}

function keep(name, contents) {
  const file = hashedName(name, contents);
  writeFileSync(path.join(OUT, file), contents);
  return file;
}

function entriesOf(metafile, manifest) {
  for (const [output, { entryPoint }] of Object.entries(metafile.outputs)) {
    if (!entryPoint) continue;
    const source = path.relative(SOURCES, path.resolve(ROOT, entryPoint));
    manifest[entryName(source) + path.extname(output)] = path.basename(output);
  }
}

async function buildWorker(manifest) {
  const { outputFiles } = await esbuild.build({
    ...COMMON,
    entryPoints: ["maplibre-gl/dist/maplibre-gl-worker.mjs"],
    format: "esm",
    write: false,
  });
  manifest["maplibre-worker.js"] = keep("maplibre-worker.js", outputFiles[0].contents);
}

async function buildScripts(manifest) {
  const { metafile } = await esbuild.build({
    ...COMMON,
    entryPoints: entryPoints(["app.js", ...find(/\.page\.js$/)]),
    entryNames: "[name]-[hash]",
    chunkNames: "chunk-[name]-[hash]",
    outdir: OUT,
    format: "esm",
    splitting: true,
    define: { MAPLIBRE_WORKER: JSON.stringify(manifest["maplibre-worker.js"]) },
    plugins: [palettePlugin],
  });
  entriesOf(metafile, manifest);
  return metafile;
}

async function buildStyles(manifest) {
  const { metafile } = await esbuild.build({
    ...COMMON,
    entryPoints: entryPoints(find(/^css\/(app|map)\.css$|\.page\.css$/)),
    entryNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    outdir: OUT,
    loader: { ".woff2": "file", ".svg": "dataurl" },
    external: ["data:*"],
    plugins: [palettePlugin],
  });
  entriesOf(metafile, manifest);
  for (const output of Object.keys(metafile.outputs).filter((file) => file.endsWith(".woff2"))) {
    const name = path.basename(output);
    manifest[name.replace(/-[^-]+\.woff2$/, ".woff2")] = name;
  }
  return metafile;
}

/** Leaflet for coverage maps that leave the system as one file: put into that file, never sent as it is. */
async function buildLeaflet(manifest) {
  for (const [name, source] of [
    ["leaflet.js", "leaflet/dist/leaflet-src.js"],
    ["leaflet.css", "leaflet/dist/leaflet.css"],
  ]) {
    const { outputFiles } = await esbuild.build({
      ...COMMON,
      entryPoints: [source],
      format: "iife",
      globalName: name.endsWith(".js") ? "L" : undefined,
      loader: { ".png": "dataurl" },
      write: false,
    });
    manifest[name] = keep(name, outputFiles[0].contents);
  }
}

/** The service worker knows every file of this build, and is the only one whose name never changes. */
async function buildServiceWorker(manifest, chunks) {
  if (!existsSync(path.join(SOURCES, "sw.js"))) return;
  const files = { ...manifest, ...Object.fromEntries(chunks.map((file) => [file, file])) };
  const { outputFiles } = await esbuild.build({
    ...COMMON,
    entryPoints: [path.join(SOURCES, "sw.js")],
    format: "iife",
    write: false,
    define: {
      BUILD_FILES: JSON.stringify(files),
      BUILD_ID: JSON.stringify(createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 16)),
    },
  });
  writeFileSync(path.join(OUT, "sw.js"), outputFiles[0].contents);
  manifest["sw.js"] = "sw.js";
}

/** A module and all that it imports, at once or later. */
function withImports(file, sources, seen = new Set()) {
  if (seen.has(file) || !(file in sources)) return seen;
  seen.add(file);
  for (const [, next] of sources[file].matchAll(/(?:from|import)[ (]*"(\.[^"]+)"/g)) {
    withImports(path.join(path.dirname(file), next), sources, seen);
  }
  return seen;
}

function buildSentences(manifest) {
  const sources = Object.fromEntries(find(/\.js$/).map((file) => [file, readFileSync(path.join(SOURCES, file), "utf8")]));
  const walk = [...withImports("visits/walk.page.js", sources)]; // a phone gets only the sentences its page can say
  const catalogues = { i18n: Object.values(sources), "i18n-walk": walk.map((file) => sources[file]) };
  for (const po of find(/^[^/]+\/LC_MESSAGES\/messages\.po$/, TRANSLATIONS)) {
    const language = po.split("/")[0];
    for (const [name, asking] of Object.entries(catalogues)) {
      const sentences = browserSentences(readFileSync(path.join(TRANSLATIONS, po), "utf8"), asking);
      const script = `globalThis.sentences=${JSON.stringify(sentences)};\n`;
      manifest[`${name}-${language}.js`] = keep(`${name}-${language}.js`, script);
    }
  }
}

function compress(file) {
  const contents = readFileSync(file);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: contents.length };
  writeFileSync(`${file}.br`, brotliCompressSync(contents, { params }));
  writeFileSync(`${file}.gz`, gzipSync(contents, { level: 9 }));
}

function removeOld(current) {
  for (const file of readdirSync(OUT)) {
    if (!current.has(file.replace(/\.(br|gz)$/, ""))) rmSync(path.join(OUT, file));
  }
}

async function build() {
  const started = performance.now();
  mkdirSync(OUT, { recursive: true });
  const manifest = {};
  await buildWorker(manifest);
  const metafiles = [await buildScripts(manifest), await buildStyles(manifest)];
  buildSentences(manifest);
  const chunks = Object.keys(metafiles[0].outputs)
    .map((file) => path.basename(file))
    .filter((file) => file.startsWith("chunk-"));
  await buildServiceWorker(manifest, chunks);
  await buildLeaflet(manifest); // after the service worker: phones do not need it
  writeFileSync(
    path.join(OUT, "third-party-licences.txt"),
    licenceTexts(ROOT, [...metafiles, { inputs: { "node_modules/maplibre-gl/": {}, "node_modules/leaflet/": {} } }]),
  );
  manifest["third-party-licences.txt"] = "third-party-licences.txt";

  const current = new Set([...Object.values(manifest), ...chunks, "manifest.json"]);
  for (const file of current) {
    const isDone = !UNHASHED.includes(file) && existsSync(path.join(OUT, `${file}.gz`));
    if (/\.(js|css|txt)$/.test(file) && !isDone) compress(path.join(OUT, file));
  }
  const sorted = Object.fromEntries(Object.entries(manifest).sort());
  writeFileSync(path.join(OUT, "manifest.json"), JSON.stringify(sorted, null, 1));
  removeOld(current);
  console.log(`${Object.keys(manifest).length} assets in ${Math.round(performance.now() - started)} ms`);
}

await build();
if (process.argv.includes("--watch")) {
  let waiting;
  const again = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => build().catch((problem) => console.error(problem.message)), 150);
  };
  for (const folder of [SOURCES, path.dirname(PALETTE), TRANSLATIONS]) {
    if (existsSync(folder)) watch(folder, { recursive: true }, again);
  }
}
