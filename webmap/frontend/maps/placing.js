// Place mode: a press on the map says where a house stands, or "Middle of the map" for those without a pointer; "I stand
// here" takes the device's position, Save keeps it.
// The old place is kept by the server in its record of changes.

import { sendJson } from "../core/api.js";
import { one } from "../core/dom.js";
import { announce } from "../core/events.js";
import { _ } from "../core/i18n.js";
import { toast } from "../ui/toast.js";
import { showPosition, watchPosition } from "./locate-me.js";
import { choose, goTo } from "./map.js";

/** @typedef {{lon: number, lat: number, accuracyMetres: number | null}} Place */

/** @param {any} map @param {{id: string, lon: number | null, lat: number | null}} door */
export function startPlacing(map, door) {
  const save = /** @type {HTMLButtonElement | null} */ (one("[data-place-save]"));
  /** @type {Place | null} */
  let place = null;
  const take = (/** @type {Place} */ chosen) => {
    place = chosen;
    choose(map, chosen);
    save?.removeAttribute("disabled");
  };
  map.getCanvas().style.cursor = "crosshair";
  if (door.lon !== null && door.lat !== null) choose(map, { lon: door.lon, lat: door.lat });
  map.on("click", (/** @type {any} */ { lngLat }) => take({ lon: lngLat.lng, lat: lngLat.lat, accuracyMetres: null }));
  one("[data-place-middle]")?.addEventListener("click", () => {
    const { lng, lat } = map.getCenter();
    take({ lon: lng, lat, accuracyMetres: null });
  });
  one("[data-place-here]")?.addEventListener("click", () => {
    const watch = watchPosition({
      onFix(fix) {
        watch.stop();
        showPosition(map, fix);
        goTo(map, fix, 18);
        take(fix);
      },
      onTrouble: (sentence) => toast(sentence, { isBad: true }),
    });
  });
  save?.addEventListener("click", async () => {
    if (!place) return;
    save.setAttribute("disabled", "");
    try {
      await sendJson("PUT", `/api/households/${door.id}/place`, {
        lon: place.lon,
        lat: place.lat,
        accuracy_metres: place.accuracyMetres,
      });
      toast(_("The place is saved."));
      announce("household:placed", { id: door.id, lon: place.lon, lat: place.lat });
      location.assign(`/map?household=${door.id}`);
    } catch (problem) {
      save.removeAttribute("disabled");
      toast(/** @type {Error} */ (problem).message, { isBad: true });
    }
  });
}
