// The map editor of an area: tools to draw, the chosen alley with its forms at the side, missing links, tracks.
// What is drawn stays on the screen until the server has it; each saved edit can be undone from the toast or the list.

import { sendJson } from "../core/api.js";
import { all, one } from "../core/dom.js";
import { formatMetres, parseHash } from "../core/geo.js";
import { _ } from "../core/i18n.js";
import { canDrawMaps, createMap, currentTheme, goTo, tileAddress } from "../maps/map.js";
import { groundStyle } from "../maps/style.js";
import { uuid7 } from "../sync/uuid7.js";
import { openSheet } from "../ui/sheet.js";
import { toast } from "../ui/toast.js";
import { startAside, words } from "./editor-aside.js";
import { valuesOf } from "./forms.js";
import { SHAPES_FROM, startShapes } from "./shapes.js";
import { areaSquareMetres, formatArea, lengthMetres, snapped } from "./snapping.js";
import { startStrokes } from "./strokes.js";

/** @typedef {{mode: "linestring" | "polygon" | "point", least: number}} Tool */

const SNAP_PIXELS = 10;
/** Nobody draws an alley on the map of a whole commune. */
const DRAWN_FROM = 16;
const container = /** @type {HTMLElement} */ (one("#map"));
const base = container.dataset.base ?? "";
const side = /** @type {HTMLElement} */ (one("#side"));
const draft = /** @type {HTMLElement} */ (one("#draft"));
/** @type {Record<string, Tool>} */
const TOOLS = {
  alley: { mode: "linestring", least: 2 },
  building: { mode: "polygon", least: 3 },
  address: { mode: "point", least: 1 },
  boundary: { mode: "polygon", least: 3 },
};

/** @param {any} map */
function metresPerPixel(map) {
  const { lat } = map.getCenter();
  return (40_075_016.7 * Math.cos((lat * Math.PI) / 180)) / (512 * 2 ** map.getZoom());
}

async function start() {
  const opening = parseHash(location.hash) ?? {
    bounds: JSON.parse(container.dataset.bounds ?? "[]"),
    fitBoundsOptions: { padding: 30, maxZoom: 17 },
  };
  const style = groundStyle({ theme: currentTheme(), tiles: (layer) => tileAddress(layer), attribution: container.dataset.attribution });
  const { map } = await createMap(container, { label: words.map, view: opening, style, options: { hash: true } });
  const shapes = startShapes(map, base);
  const strokes = startStrokes(map, {
    snap: (lon, lat) => snapped([lon, lat], shapes.lines(), SNAP_PIXELS * metresPerPixel(map)) ?? undefined,
    onChange: () => tell(),
    onFinish: () => {
      tell();
      keepInSight();
    },
  });

  /** On a phone the form covers half of the map: the stroke moves above it. */
  function keepInSight() {
    const corners = strokes.corners();
    if (innerWidth > 760 || !corners.length) return;
    const middle = corners[Math.floor(corners.length / 2)];
    map.easeTo({ center: middle, offset: [0, -draft.offsetHeight / 2], duration: 0 });
  }

  /** What is being done: a tool, the corners of an alley or of the boundary, or the next press on the map. */
  /** @type {{tool: string, url: string, values: Record<string, any>, asks?: (place: any) => Promise<any>} | null} */
  let doing = null;

  /** @param {string} selector @param {boolean} isShown */
  const show = (selector, isShown) => one(selector, draft)?.toggleAttribute("hidden", !isShown);

  function tell() {
    if (!doing) return;
    const tool = TOOLS[doing.tool];
    const corners = tool ? strokes.corners() : [];
    const isReady = Boolean(tool) && strokes.isFinished() && corners.length >= tool.least;
    const measure = one("[data-measure]", draft);
    if (measure) {
      measure.textContent =
        tool?.mode === "polygon" && corners.length > 2
          ? formatArea(areaSquareMetres(corners))
          : tool?.mode === "linestring" && corners.length > 1
            ? formatMetres(lengthMetres(corners))
            : "";
    }
    show("[data-corner]", Boolean(tool) && !strokes.isFinished());
    show("[data-finish]", Boolean(tool) && tool.mode !== "point" && !strokes.isFinished() && corners.length >= tool.least);
    show("[data-stroke-undo]", Boolean(tool) && corners.length > 0);
    show("[data-save]", isReady);
    for (const form of all("[data-draft-form]", draft)) form.hidden = form.dataset.draftForm !== doing.tool || !isReady || doing.url !== form.getAttribute("action");
    one(".editor-cross")?.toggleAttribute("hidden", !tool || strokes.isFinished());
  }

  /** @param {typeof doing} what @param {string} hint */
  function begin(what, hint) {
    doing = what;
    draft.hidden = false;
    const words = one("[data-hint]", draft);
    if (words) words.textContent = hint;
    for (const button of all("[data-tool]")) button.setAttribute("aria-pressed", String(button.dataset.tool === what?.tool));
    if (innerWidth <= 760) openSheet(side, "low");
    tell();
  }

  function end() {
    doing = null;
    strokes.clear();
    draft.hidden = true;
    one(".editor-cross")?.setAttribute("hidden", "");
    for (const button of all("[data-tool]")) button.setAttribute("aria-pressed", "false");
  }

  /** Send a deed; what is there now is drawn anew. @param {string} url @param {unknown} values @returns {Promise<any>} null when it was refused */
  async function send(url, values) {
    draft.setAttribute("aria-busy", "true");
    try {
      const made = await sendJson("POST", url, values);
      const back = made.edit_id ? { action: _("Undo"), onAction: () => undo(made.edit_id), milliseconds: 8000 } : {};
      toast(said(made), back);
      await Promise.all([shapes.refresh(), aside.refresh()]);
      return made;
    } catch (problem) {
      toast(/** @type {Error} */ (problem).message, { isBad: true });
      return null;
    } finally {
      draft.removeAttribute("aria-busy");
    }
  }

  /** @param {any} made */
  function said({ overlaps }) {
    if (!overlaps?.length) return words.saved;
    const names = overlaps.map((/** @type {any} */ { name, square_metres }) => `${name} ${formatArea(square_metres)}`).join(", ");
    return `${words.overlaps} ${names}`;
  }

  /** @param {string} id */
  async function undo(id) {
    const made = await send(`${base}/edits/${id}/undo`, {});
    if (made) aside.close();
  }

  async function save() {
    if (!doing || !strokes.isFinished()) return;
    const form = /** @type {HTMLFormElement | null} */ (one(`[data-draft-form="${doing.tool}"]:not([hidden])`, draft));
    if (form && !form.reportValidity()) return;
    const corners = strokes.corners().map(([lon, lat]) => [Number(lon.toFixed(7)), Number(lat.toFixed(7))]);
    const place = doing.tool === "address" ? { lon: corners[0][0], lat: corners[0][1] } : { coordinates: corners };
    const made = await send(doing.url, { ...doing.values, ...(form ? valuesOf(form) : {}), ...place });
    if (!made) return; // what was drawn stays, to be sent again
    form?.reset();
    const isAlley = doing.tool === "alley";
    end();
    if (isAlley && made.uuids?.length) await choose(made.uuids[0]);
    else aside.close();
  }

  /** @param {string} tool */
  async function use(tool) {
    if (doing?.tool === tool) return end();
    end();
    aside.close();
    const url = one(`[data-tool="${tool}"]`)?.dataset.url ?? "";
    if (tool === "boundary") {
      const outline = await aside.outline();
      if (!outline) return;
      const { geometry, properties } = outline;
      const rings = geometry?.type === "MultiPolygon" && geometry.coordinates.length === 1 ? geometry.coordinates[0] : geometry?.coordinates;
      begin({ tool, url, values: { version: properties.version } }, words.boundary);
      const isSimple = rings?.length === 1 && rings[0].length <= 400;
      if (isSimple && strokes.edit({ type: "Polygon", coordinates: rings })) return begin(doing, words.outline);
      return strokes.draw("polygon");
    }
    if (map.getZoom() < DRAWN_FROM) map.jumpTo({ zoom: DRAWN_FROM });
    strokes.draw(TOOLS[tool].mode);
    begin({ tool, url, values: { uuid: uuid7() } }, /** @type {any} */ (one(`[data-tool="${tool}"]`))?.dataset.hint ?? "");
  }

  /** @param {string} uuid */
  async function choose(uuid) {
    if (await aside.open(uuid)) shapes.choose(uuid);
  }

  const aside = startAside({
    base,
    send,
    onClose: () => shapes.choose(null),
    map,
    goTo: (/** @type {[number, number]} */ [lon, lat]) => goTo(map, { lon, lat }, 17),
    choose,
    moveThing({ what, uuid, version }) {
      const found = shapes.byUuid(uuid);
      if (!found || !strokes.edit(found.geometry)) return;
      const [path, hint] = what === "building" ? [`buildings/${uuid}/shape`, words.reshape] : [`address-points/${uuid}/place`, words.hang];
      begin({ tool: what, url: `${base}/${path}`, values: { version } }, hint);
    },
    tools: {
      move(uuid, version) {
        const found = shapes.byUuid(uuid);
        if (!found) return toast(words.far, { isBad: true });
        if (strokes.edit(found.geometry))
          begin({ tool: "alley", url: `${base}/alleys/${uuid}/shape`, values: { version } }, words.move);
      },
      split(uuid, version) {
        const asks = (/** @type {any} */ { lng, lat }) => send(`${base}/alleys/${uuid}/halves`, { version, lon: lng, lat });
        begin({ tool: "split", url: "", values: {}, asks: ({ lngLat }) => asks(lngLat) }, words.split);
      },
      join(uuid, version) {
        begin(
          {
            tool: "join",
            url: "",
            values: {},
            asks: async ({ point }) => {
              const other = shapes.at(point);
              if (other?.properties.what !== "alley") return toast(words.other, { isBad: true });
              const values = { version, other: other.properties.uuid, other_version: other.properties.version };
              return send(`${base}/alleys/${uuid}/joined`, values);
            },
          },
          words.join,
        );
      },
    },
  });

  map.on("click", async (/** @type {any} */ event) => {
    if (doing?.asks) {
      const uuid = aside.chosen();
      const made = await doing.asks(event);
      if (made?.uuids) {
        end();
        if (uuid) await choose(uuid);
      }
    } else if (!doing) {
      const found = shapes.at(event.point);
      if (found?.properties.what === "alley") await choose(found.properties.uuid);
      else if (found) aside.openThing(found.properties);
      else aside.close();
    }
  });
  for (const button of all("[data-tool]")) button.addEventListener("click", () => use(button.dataset.tool ?? ""));
  one("[data-corner]", draft)?.addEventListener("click", () => strokes.cornerAtMiddle());
  one("[data-finish]", draft)?.addEventListener("click", () => strokes.finish());
  one("[data-stroke-undo]", draft)?.addEventListener("click", () => strokes.undo());
  one("[data-save]", draft)?.addEventListener("click", save);
  one("[data-cancel]", draft)?.addEventListener("click", end);
  for (const form of all("[data-draft-form]", draft)) form.addEventListener("submit", (event) => (event.preventDefault(), save()));
  container.addEventListener("keyup", ({ key }) => key === "Escape" && end());
  const farNote = () => one("#too-far")?.toggleAttribute("hidden", map.getZoom() >= SHAPES_FROM);
  map.on("zoomend", farNote);
  farNote();
  one("#tools")?.removeAttribute("hidden");
  await shapes.start();
  container.dataset.isReady = "";
}

if (canDrawMaps()) start();
else one("#map-missing")?.removeAttribute("hidden");
