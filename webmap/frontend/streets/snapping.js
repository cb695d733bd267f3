// Where a stroke is drawn to: ends of known alleys first, then their corners, then their middle. The server draws ends
// onto what lies within 3 m by the same order (gis_layers/drawing.py). Places are [lon, lat] in WGS 84 degrees.
//
//   snapped(place, lines, metres)      the place of a line to take instead, or null
//   lengthMetres(corners)              areaSquareMetres(corners)      formatArea(1240)

import { metresBetween } from "../core/geo.js";
import { formatNumber } from "../core/i18n.js";

/** @typedef {[number, number]} Place */

const METRES_PER_DEGREE = 111_320;

/** The places in metres east and north of one. @param {Place} middle @param {Place[]} places @returns {Place[]} */
function flat(middle, places) {
  const east = METRES_PER_DEGREE * Math.cos((middle[1] * Math.PI) / 180);
  return places.map(([lon, lat]) => [(lon - middle[0]) * east, (lat - middle[1]) * METRES_PER_DEGREE]);
}

/** How far along a to b the origin's foot lies, from 0 to 1. @param {Place} a @param {Place} b */
function footShare(a, b) {
  const [x, y] = [b[0] - a[0], b[1] - a[1]];
  const square = x * x + y * y;
  return square === 0 ? 0 : Math.min(1, Math.max(0, -(a[0] * x + a[1] * y) / square));
}

/**
 * @param {Place} place
 * @param {Place[][]} lines
 * @param {number} metres
 * @returns {Place | null}
 */
export function snapped(place, lines, metres) {
  let best = { rank: 3, apart: metres, place: /** @type {Place | null} */ (null) };
  const offer = (/** @type {number} */ rank, /** @type {number} */ apart, /** @type {() => Place} */ where) => {
    if (apart <= metres && (rank < best.rank || (rank === best.rank && apart < best.apart)))
      best = { rank, apart, place: where() };
  };
  for (const line of lines) {
    const corners = flat(place, line);
    corners.forEach((corner, at) => {
      const rank = at === 0 || at === corners.length - 1 ? 0 : 1;
      offer(rank, Math.hypot(...corner), () => line[at]);
      if (at === 0) return;
      const from = corners[at - 1];
      const share = footShare(from, corner);
      const foot = [from[0] + share * (corner[0] - from[0]), from[1] + share * (corner[1] - from[1])];
      offer(2, Math.hypot(...foot), () => [
        line[at - 1][0] + share * (line[at][0] - line[at - 1][0]),
        line[at - 1][1] + share * (line[at][1] - line[at - 1][1]),
      ]);
    });
  }
  return best.place;
}

/** @param {Place[]} corners */
export function lengthMetres(corners) {
  const positions = corners.map(([lon, lat]) => ({ lon, lat }));
  return positions.slice(1).reduce((sum, next, at) => sum + metresBetween(positions[at], next), 0);
}

/** @param {Place[]} corners of a ring, closed or not */
export function areaSquareMetres(corners) {
  if (corners.length < 3) return 0;
  const around = flat(corners[0], corners);
  const twice = around.reduce((sum, [x, y], at) => {
    const [nextX, nextY] = around[(at + 1) % around.length];
    return sum + x * nextY - nextX * y;
  }, 0);
  return Math.abs(twice) / 2;
}

/** @param {number} squareMetres */
export function formatArea(squareMetres) {
  if (squareMetres >= 995_000) return `${formatNumber(Math.round(squareMetres / 1e4) / 100)} km²`;
  if (squareMetres >= 9_950) return `${formatNumber(Math.round(squareMetres / 1e3) / 10)} ha`;
  return `${formatNumber(Math.round(squareMetres))} m²`;
}
