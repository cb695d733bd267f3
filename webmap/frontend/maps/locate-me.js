// Where this device is: the best fix of the last 20 seconds, on the map and for records.
//
//   const watch = watchPosition({onFix: ({lon, lat, accuracyMetres, at}) => …, onTrouble: (sentence) => …});
//   watch.best()          the most accurate fix of the last 20 s, or null       watch.stop()
//   showPosition(map, fix)          blue dot with the circle of its accuracy
//   startLocateButtons(map)         <button data-locate> moves the map there

import { all } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { toast } from "../ui/toast.js";
import { positionLayers } from "./layers.js";
import { addLayers, goTo, point, setData } from "./map.js";

/** @typedef {{lon: number, lat: number, accuracyMetres: number, at: number}} Fix */

const KEPT_MILLISECONDS = 20_000;
const METRES_A_PIXEL_AT_EQUATOR = 78_271.517 / 2 ** 20;

/** @param {Fix[]} fixes @param {number} now milliseconds @returns {Fix | null} */
export function bestOf(fixes, now) {
  const fresh = fixes.filter((fix) => now - fix.at <= KEPT_MILLISECONDS);
  return fresh.reduce(
    (best, fix) => (best && best.accuracyMetres <= fix.accuracyMetres ? best : fix),
    /** @type {Fix | null} */ (null),
  );
}

/** @param {number} code of GeolocationPositionError */
function trouble(code) {
  if (code === 1) return _("This device does not let us see its position. Allow it in the browser's settings.");
  if (code === 3) return _("No position yet. Step away from walls and try again.");
  return _("The position cannot be found at the moment.");
}

/** @param {{onFix?: (fix: Fix) => void, onTrouble?: (sentence: string) => void}} listeners */
export function watchPosition({ onFix, onTrouble } = {}) {
  /** @type {Fix[]} */
  let fixes = [];
  if (!navigator.geolocation) {
    onTrouble?.(_("This device has no position."));
    return { best: () => null, stop() {} };
  }
  const take = (/** @type {GeolocationPosition} */ { coords, timestamp }) => {
    const fix = { lon: coords.longitude, lat: coords.latitude, accuracyMetres: coords.accuracy, at: timestamp };
    fixes = [...fixes.filter((one) => timestamp - one.at <= KEPT_MILLISECONDS), fix];
    onFix?.(fix);
  };
  const id = navigator.geolocation.watchPosition(take, (problem) => onTrouble?.(trouble(problem.code)), {
    enableHighAccuracy: true,
    maximumAge: 5000,
    timeout: 20_000,
  });
  return { best: () => bestOf(fixes, Date.now()), stop: () => navigator.geolocation.clearWatch(id) };
}

/** @param {any} map @param {Fix} fix */
export function showPosition(map, fix) {
  const radius = fix.accuracyMetres / (METRES_A_PIXEL_AT_EQUATOR * Math.cos((fix.lat * Math.PI) / 180));
  setData(map, "position", [point(fix.lon, fix.lat, { radius })]);
  addLayers(map, {}, positionLayers());
}

/** @param {any} map */
export function startLocateButtons(map) {
  /** @type {{stop: () => void} | null} */
  let watch = null;
  const press = () => {
    watch?.stop();
    let isFirst = true;
    watch = watchPosition({
      onFix(fix) {
        showPosition(map, fix);
        if (isFirst) goTo(map, fix);
        isFirst = false;
      },
      onTrouble: (sentence) => toast(sentence, { isBad: true }),
    });
  };
  for (const button of all("[data-locate]")) button.addEventListener("click", press);
}
