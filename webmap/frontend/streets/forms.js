// The values of a form as the server's inputs want them: numbers of coordinates, ticks as true and false.

import { all } from "../core/dom.js";

/** @param {HTMLFormElement} form @returns {Record<string, any>} */
export function valuesOf(form) {
  /** @type {Record<string, any>} */
  const values = Object.fromEntries([...new FormData(form)].filter(([name]) => name !== "csrf_token"));
  for (const box of all("input[type=checkbox]", form)) {
    const { name, checked } = /** @type {HTMLInputElement} */ (box);
    values[name] = checked;
  }
  if (typeof values.coordinates === "string") values.coordinates = JSON.parse(values.coordinates);
  return values;
}
