// The map beside the review list: the candidates of the address one is at, numbered as in the list, the chosen one ringed.
//
// The page works without it: every candidate says in words where it is and why.

import { all, one } from "../core/dom.js";
import { addLayers, canDrawMaps, choose, createMap, currentTheme, fit, point, setData, tileAddress } from "../maps/map.js";
import { BOLD, groundStyle } from "../maps/style.js";

const LAYERS = [
  {
    id: "candidates",
    type: "circle",
    source: "candidates",
    paint: {
      "circle-radius": 14,
      "circle-color": "#FFFFFF",
      "circle-stroke-color": "#14181D",
      "circle-stroke-width": 3,
    },
  },
  {
    id: "candidate-numbers",
    type: "symbol",
    source: "candidates",
    layout: { "text-field": ["get", "number"], "text-font": BOLD, "text-size": 16, "text-allow-overlap": true },
    paint: { "text-color": "#14181D" },
  },
];

/** @param {HTMLInputElement} radio */
function placeOf(radio) {
  const [lon, lat] = radio.value.split(",").map(Number);
  return { lon, lat };
}

/** @param {Element} form */
function placesOf(form) {
  return /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("[data-place]")]);
}

/** @param {any} map @param {Element} form */
function show(map, form) {
  const radios = placesOf(form);
  const places = radios.map(placeOf);
  setData(
    map,
    "candidates",
    places.map(({ lon, lat }, index) => point(lon, lat, { number: String(index + 1) })),
  );
  addLayers(map, {}, LAYERS);
  const chosen = radios.find((radio) => radio.checked);
  choose(map, chosen ? placeOf(chosen) : null, "candidates");
  const lons = places.map(({ lon }) => lon);
  const lats = places.map(({ lat }) => lat);
  fit(map, [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)], 50, 18);
  for (const other of all("[data-review]")) other.closest("li")?.toggleAttribute("data-current", other === form);
}

async function start() {
  const container = one("#map");
  const forms = all("[data-review]");
  if (!container || !forms.length || !canDrawMaps()) return container?.remove();
  const first = placeOf(placesOf(forms[0])[0]);
  const { map } = await createMap(container, {
    label: container.dataset.label ?? "",
    view: { center: [first.lon, first.lat], zoom: 17 },
    style: groundStyle({ theme: currentTheme(), tiles: tileAddress }),
  });
  for (const form of forms) {
    form.addEventListener("focusin", () => show(map, form));
    form.addEventListener("change", () => show(map, form));
    form.addEventListener("click", () => show(map, form));
  }
  show(map, forms[0]);
  Object.assign(container, { map });
  map.once("idle", () => (container.dataset.state = "ready"));
}

start();
