// Drawing with terra-draw: corners set by mouse, finger, or a button for the middle of the map; moved, undone, measured.
//
//   const strokes = startStrokes(map, {snap, onChange, onFinish})     snap(lon, lat) -> [lon, lat] | undefined
//   strokes.draw("linestring" | "polygon" | "point")        begin a new one; finished by a double press, Enter, finish()
//   strokes.edit(geometry)                                  move the corners of what there is
//   strokes.corners()   strokes.isFinished()   strokes.undo()   strokes.cornerAtMiddle()   strokes.finish()   strokes.clear()

import {
  TerraDraw,
  TerraDrawLineStringMode,
  TerraDrawModeUndoRedo,
  TerraDrawPointMode,
  TerraDrawPolygonMode,
  TerraDrawRenderMode,
  TerraDrawSelectMode,
  TerraDrawSessionUndoRedo,
} from "terra-draw";
import { TerraDrawMapLibreGLAdapter } from "terra-draw-maplibre-gl-adapter";

/** @typedef {import("./snapping.js").Place} Place */

const PRECISION = 9;
const INK = "#14181D";
const STROKE = "#B5457A";
const HANDLE = { width: 9, outline: 3 };

/** A corner is a thing to take hold of with a finger. @param {string} prefix */
function handles(prefix) {
  return {
    [`${prefix}Color`]: "#FFFFFF",
    [`${prefix}Width`]: HANDLE.width,
    [`${prefix}OutlineColor`]: INK,
    [`${prefix}OutlineWidth`]: HANDLE.outline,
  };
}

/** @param {any} snapping */
function modes(snapping) {
  const line = { lineStringColor: STROKE, lineStringWidth: 5, ...handles("closingPoint"), ...handles("coordinatePoint") };
  const surface = {
    fillColor: STROKE,
    fillOpacity: 0.2,
    outlineColor: STROKE,
    outlineWidth: 4,
    ...handles("closingPoint"),
    ...handles("coordinatePoint"),
  };
  const coordinates = { draggable: true, deletable: true, midpoints: { draggable: true }, snappable: snapping };
  const taken = { pointerDistance: 24 };
  const pressed = { pointerDistance: 14 }; // a press on the last corner ends the stroke: no wider than a finger is sure
  return [
    new TerraDrawLineStringMode(/** @type {any} */ ({ snapping, styles: line, showCoordinatePoints: true, ...pressed })),
    new TerraDrawPolygonMode(/** @type {any} */ ({ snapping, styles: surface, showCoordinatePoints: true, ...pressed })),
    new TerraDrawPointMode(/** @type {any} */ ({ styles: handles("point") })),
    new TerraDrawRenderMode({ modeName: "still", styles: {} }),
    new TerraDrawSelectMode(
      /** @type {any} */ ({
        ...taken,
        allowManualDeselection: false,
        keyEvents: { deselect: null, delete: null, rotate: null, scale: null },
        flags: { linestring: { feature: { coordinates } }, polygon: { feature: { coordinates } }, point: { feature: { draggable: true } } },
        styles: {
          selectedLineStringColor: STROKE,
          selectedLineStringWidth: 5,
          selectedPolygonColor: STROKE,
          selectedPolygonFillOpacity: 0.2,
          selectedPolygonOutlineColor: STROKE,
          selectedPolygonOutlineWidth: 4,
          ...handles("selectionPoint"),
          ...handles("selectedPoint"),
          ...handles("midPoint"),
          midPointColor: STROKE,
          midPointWidth: 6,
        },
      }),
    ),
  ];
}

/**
 * @param {any} map
 * @param {{snap: (lon: number, lat: number) => Place | undefined, onChange: () => void, onFinish: () => void}} given
 */
export function startStrokes(map, { snap, onChange, onFinish }) {
  const snapping = { toCustom: (/** @type {any} */ { lng, lat }) => snap(lng, lat) };
  const draw = new TerraDraw({
    adapter: new TerraDrawMapLibreGLAdapter({ map, coordinatePrecision: PRECISION }),
    modes: modes(snapping),
    undoRedo: { modeLevel: new TerraDrawModeUndoRedo(), sessionLevel: new TerraDrawSessionUndoRedo() },
  });
  let isFinished = false;
  draw.start();
  draw.setMode("still");
  draw.on("finish", (id, { action }) => {
    if (action === "draw") {
      isFinished = true;
      setTimeout(() => hold(id)); // after the mode has ended its own work
    }
    onChange();
  });
  draw.on("change", onChange);

  /** Let the corners of what is drawn be moved. @param {string | number} id */
  function hold(id) {
    if (!draw.hasFeature(id)) return;
    draw.setMode("select");
    draw.selectFeature(id);
    onFinish();
  }

  function stroke() {
    return draw.getSnapshot().find(({ properties }) => ["linestring", "polygon", "point"].includes(String(properties.mode)) && isWhole(properties));
  }

  /** Handles of corners carry the mode of their stroke too. @param {Record<string, unknown>} properties */
  function isWhole(properties) {
    return !["closingPoint", "coordinatePoint", "snappingPoint", "midPoint", "selectionPoint"].some((name) => properties[name]);
  }

  /** Without the corner that still hangs on the pointer. @returns {Place[]} */
  function corners() {
    const { geometry, properties } = stroke() ?? {};
    if (!geometry) return [];
    const all = /** @type {any} */ (geometry.type === "Polygon" ? geometry.coordinates[0].slice(0, -1) : geometry.type === "Point" ? [geometry.coordinates] : geometry.coordinates);
    const isHanging = !isFinished && properties?.currentlyDrawing;
    const set = properties?.committedCoordinateCount;
    return isHanging && typeof set === "number" ? all.slice(0, set) : all;
  }

  /** @param {string} kind @param {number} x @param {number} y */
  function press(kind, x, y) {
    const at = { clientX: x, clientY: y, bubbles: true, isPrimary: true, pointerId: 1, pointerType: "mouse", button: 0 };
    map.getCanvas().dispatchEvent(new PointerEvent(kind, at));
  }

  return {
    corners,
    isFinished: () => isFinished,
    /** @param {"linestring" | "polygon" | "point"} mode */
    draw(mode) {
      draw.clear();
      isFinished = false;
      draw.clearUndoRedoHistory();
      draw.setMode(mode);
    },
    /** @param {any} geometry LineString, Polygon or Point */
    edit(geometry) {
      draw.clear();
      draw.clearUndoRedoHistory();
      /** @type {(part: any) => any} */
      const round = (part) => (Array.isArray(part) ? part.map(round) : Number(part.toFixed(PRECISION)));
      const mode = geometry.type === "Polygon" ? "polygon" : geometry.type === "Point" ? "point" : "linestring";
      const [made] = draw.addFeatures([
        { type: "Feature", geometry: { ...geometry, coordinates: round(geometry.coordinates) }, properties: { mode } },
      ]);
      isFinished = true;
      if (made?.valid && made.id !== undefined) hold(made.id);
      return Boolean(made?.valid);
    },
    undo() {
      draw.undo();
      if (isFinished && !stroke()) {
        draw.redo(); // what was drawn stays; only what was moved since is taken back
        const again = stroke();
        if (again?.id !== undefined) hold(again.id);
      }
      onChange();
    },
    cornerAtMiddle() {
      const box = map.getCanvas().getBoundingClientRect();
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      for (const kind of ["pointermove", "pointerdown", "pointerup"]) press(kind, x, y);
    },
    finish() {
      map.getCanvas().dispatchEvent(new KeyboardEvent("keyup", { key: "Enter", bubbles: true }));
    },
    clear() {
      draw.clear();
      draw.clearUndoRedoHistory();
      isFinished = false;
      draw.setMode("still");
    },
  };
}
