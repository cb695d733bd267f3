// Small geometry on the phone; the server measures again. Positions are {lon, lat} in WGS 84 degrees.
//
//   metresBetween(a, b)    bearingDegrees(a, b)    formatMetres(1240) "1,2 km"    parseHash("#16/17.3/106.6")

import { formatNumber } from "./i18n.js";

const EARTH_RADIUS_METRES = 6_371_008.8;
const radians = (/** @type {number} */ degrees) => (degrees * Math.PI) / 180;

/** @typedef {{lon: number, lat: number}} Position */

/** Great-circle distance (haversine). @param {Position} a @param {Position} b */
export function metresBetween(a, b) {
  const dLat = radians(b.lat - a.lat);
  const dLon = radians(b.lon - a.lon);
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * Math.sin(dLon / 2) ** 2;
  return 2 * EARTH_RADIUS_METRES * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** Initial bearing, 0 = north, clockwise, below 360. @param {Position} from @param {Position} to */
export function bearingDegrees(from, to) {
  const dLon = radians(to.lon - from.lon);
  const y = Math.sin(dLon) * Math.cos(radians(to.lat));
  const x =
    Math.cos(radians(from.lat)) * Math.sin(radians(to.lat)) -
    Math.sin(radians(from.lat)) * Math.cos(radians(to.lat)) * Math.cos(dLon);
  return ((Math.atan2(y, x) * 180) / Math.PI + 360) % 360;
}

/** @param {number} metres */
export function formatMetres(metres) {
  if (metres >= 995) return `${formatNumber(Math.round(metres / 100) / 10)} km`;
  const step = metres >= 100 ? 10 : metres >= 20 ? 5 : 1;
  return `${formatNumber(Math.round(metres / step) * step)} m`;
}

/** @param {string} hash "#zoom/lat/lon" @returns {{zoom: number, center: [number, number]} | null} */
export function parseHash(hash) {
  const [zoom, lat, lon] = hash.replace(/^#/, "").split("/").map(Number);
  const isPlace =
    [zoom, lat, lon].every(Number.isFinite) && zoom >= 0 && zoom <= 24 && Math.abs(lat) <= 85 && Math.abs(lon) <= 180;
  return isPlace ? { zoom, center: [lon, lat] } : null;
}
