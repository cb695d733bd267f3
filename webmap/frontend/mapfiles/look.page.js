// What a file holds: only the questions that belong to a choice are shown, and the places where its features would lie
// in each coordinate system stand on a map, numbered as in the list.

import { all, element, one, whenPresent } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { canDrawMaps, createMap, currentTheme, tileAddress } from "../maps/map.js";
import { groundStyle } from "../maps/style.js";

const STREETS = ["alleys", "buildings", "addresses", "water", "basemap"];

whenPresent("[data-layer]", (layer) => {
  const choice = /** @type {HTMLSelectElement} */ (one("[data-becomes]", layer));
  const show = () => {
    for (const part of all("[data-for]", layer)) part.hidden = part.dataset.for !== choice.value;
    const streets = one("[data-for-streets]");
    const chosen = all("[data-becomes]").map((other) => /** @type {HTMLSelectElement} */ (other).value);
    if (streets) streets.hidden = !chosen.some((value) => STREETS.includes(value));
  };
  choice.addEventListener("change", show);
  show();
});

whenPresent("[data-candidates]", async (fieldset) => {
  const box = one("[data-candidates-map]", fieldset);
  if (!box || !canDrawMaps()) return;
  /** @type {{at: [number, number], name: string}[]} */
  const candidates = JSON.parse(fieldset.dataset.candidates ?? "[]");
  box.hidden = false;
  const lons = candidates.map(({ at }) => at[0]);
  const lats = candidates.map(({ at }) => at[1]);
  const bounds = [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
  const style = groundStyle({ theme: currentTheme(), tiles: (layer) => tileAddress(layer) });
  const view = { bounds, fitBoundsOptions: { padding: 60, maxZoom: 11 } };
  const { map, maplibre } = await createMap(box, { label: _("Where your features would lie"), view, style });
  map.addSource("areas", { type: "vector", tiles: [tileAddress("areas")], minzoom: 0, maxzoom: 14 });
  map.addLayer({
    id: "areas",
    type: "line",
    source: "areas",
    "source-layer": "areas",
    paint: { "line-color": "#454D57", "line-width": 1 },
  });
  const fields = /** @type {HTMLInputElement[]} */ (all("input[type=radio]", fieldset)).filter(({ value }) => value);
  for (const [index, { at, name }] of candidates.entries()) {
    const mark = element("button", { type: "button", class: "candidate", title: name, onclick: () => fields[index]?.click() }, String(index + 1));
    new maplibre.Marker({ element: mark }).setLngLat(at).addTo(map);
  }
});
