// Pictures of statuses and door marks, drawn from the palette when the map first asks for them: no sprite file.
//
//   image "door:<status>:<mark>"      the status's symbol with the mark's badge, e.g. "door:partly:not_home"
//   image "mark:<mark>"               a door mark alone

import palette from "palette";

/** @typedef {{id: string, fill: string, on: string, shape: string, glyph?: string, solid?: string, stroke?: string, is_dashed?: boolean, is_plain?: boolean}} Symbol */

const GRID = 24;
const ROOM = 8; // around the grid, for the halo and the badge; the symbol stays in the middle
const BADGE = { at: 15, scale: 0.6 };

/** @type {Record<string, Symbol>} */
const statuses = Object.fromEntries(palette.statuses.map((/** @type {Symbol} */ one) => [one.id, one]));
/** @type {Record<string, Symbol>} */
const marks = Object.fromEntries(palette.marks.map((/** @type {Symbol} */ one) => [one.id, one]));

/** @param {CanvasRenderingContext2D} pen @param {Symbol} symbol @param {number} width */
function stamp(pen, symbol, width) {
  const shape = new Path2D(symbol.shape);
  pen.lineJoin = pen.lineCap = "round";
  pen.setLineDash([]);
  pen.lineWidth = width + 2.6;
  pen.strokeStyle = palette.halo;
  pen.stroke(shape);
  pen.fillStyle = symbol.fill;
  pen.fill(shape);
  if (symbol.solid) {
    pen.fillStyle = symbol.on;
    pen.fill(new Path2D(symbol.solid));
  }
  if (symbol.is_dashed) pen.setLineDash([3.4, 2.2]);
  pen.lineWidth = width;
  pen.strokeStyle = symbol.stroke ?? palette.outline;
  pen.stroke(shape);
  if (!symbol.glyph) return;
  pen.setLineDash([]);
  pen.lineWidth = width + 0.5;
  pen.strokeStyle = symbol.on;
  pen.stroke(new Path2D(symbol.glyph));
}

/** @param {CanvasRenderingContext2D} pen @param {Symbol} badge */
function pin(pen, badge) {
  pen.save();
  pen.translate(BADGE.at, BADGE.at);
  pen.scale(BADGE.scale, BADGE.scale);
  stamp(pen, badge, 2.6);
  pen.restore();
}

/**
 * The picture of an image's name, or null for a name that is not ours.
 *
 * @param {string} name @param {number} ratio pixels of the picture for one of the screen
 */
export function picture(name, ratio) {
  const [kind, first, second] = name.split(":");
  const symbol = kind === "door" ? statuses[first] : kind === "mark" ? marks[first] : undefined;
  if (!symbol) return null;
  const side = Math.round((GRID + 2 * ROOM) * ratio);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) return null;
  pen.scale(side / (GRID + 2 * ROOM), side / (GRID + 2 * ROOM));
  pen.translate(ROOM, ROOM);
  stamp(pen, symbol, 1.9);
  const badge = second ? marks[second] : undefined;
  if (badge && !badge.is_plain) pin(pen, badge);
  return pen.getImageData(0, 0, side, side);
}

/** Teaches a map to draw what its layers ask for. @param {any} map */
export function drawOnDemand(map) {
  const ratio = Math.min(3, Math.max(2, Math.ceil(globalThis.devicePixelRatio ?? 1)));
  map.setMissingStyleImageResolver((/** @type {string} */ name) => {
    const image = picture(name, ratio);
    if (image && !map.hasImage(name)) map.addImage(name, image, { pixelRatio: ratio });
  });
}
