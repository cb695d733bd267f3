// Parts of a page talk through events on the document, never by holding each other.
//
//   announce("household:chosen", {id})            one part says what happened
//   const stop = listen("household:chosen", ({id}) => …)
//
// Names in use: household:chosen {id, lon?, lat?} · household:placed {id, lon, lat} · filters:changed {query}
//               map:moved {zoom, bounds} · theme:changed {theme}

/** @param {string} name @param {unknown} [facts] */
export function announce(name, facts = {}) {
  document.dispatchEvent(new CustomEvent(name, { detail: facts }));
}

/** @param {string} name @param {(facts: any) => void} react @returns {() => void} stops listening */
export function listen(name, react) {
  const listener = (/** @type {Event} */ event) => react(/** @type {CustomEvent} */ (event).detail);
  document.addEventListener(name, listener);
  return () => document.removeEventListener(name, listener);
}

/** Let the last call of a burst through, `milliseconds` after it. @template {any[]} A @param {(...facts: A) => void} act @param {number} milliseconds */
export function settled(act, milliseconds) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  return (/** @type {A} */ ...facts) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => act(...facts), milliseconds);
  };
}
