// The doors that fit a filter: those outside become dots, a few that were searched for are seen from afar.
//
//   showOnly(map, [7, 9])      feature ids inside the filter; null shows all
//   sizeDoors(map, "matched", 2)

import { SIZE_OF_MANY } from "./layers.js";

const SIZE_OF_FEW = ["interpolate", ["linear"], ["zoom"], 12, 0.62, 15, 0.8, 17, 1];
const FEW = 100;

/** @param {any} map @param {number[] | null} numbers @param {string} [id] */
export function showOnly(map, numbers, id = "households") {
  const inside = numbers === null ? true : numbers.length === 0 ? false : ["match", ["id"], numbers, true, false];
  map.setFilter(id, inside);
  map.setFilter(`${id}-faint`, numbers === null ? false : numbers.length === 0 ? true : ["!", inside]);
  sizeDoors(map, id, numbers?.length ?? Infinity);
}

/** @param {any} map @param {string} id the symbol layer @param {number} count of the doors it shows */
export function sizeDoors(map, id, count) {
  map.setLayoutProperty(id, "icon-size", count <= FEW ? SIZE_OF_FEW : SIZE_OF_MANY);
}
