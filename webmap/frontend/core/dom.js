// Finding and making elements.
//
//   one("#list"), all("[data-row]", list)         query
//   element("button", {class: "button", type: "button", onclick: close}, "Close")
//   icon("close")                                 an inline SVG that the page already carries as <symbol id="icon-close">
//   whenPresent("[data-locate]", (node) => …)     runs for each match now and for each one that htmx brings later

/** @template {Element} [T=HTMLElement] @param {string} selector @param {ParentNode} [within] @returns {T | null} */
export function one(selector, within = document) {
  return within.querySelector(selector);
}

/** @template {Element} [T=HTMLElement] @param {string} selector @param {ParentNode} [within] @returns {T[]} */
export function all(selector, within = document) {
  return [...within.querySelectorAll(selector)].map((node) => /** @type {any} */ (node));
}

/**
 * Attributes that are functions become listeners ("onclick"), `true` an empty attribute, false and null none.
 *
 * @param {string} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Node | string | null | undefined | false)} children
 */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === "function") node.addEventListener(name.replace(/^on/, ""), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(
    .../** @type {(Node | string)[]} */ (
      children.filter((child) => child !== null && child !== undefined && child !== false)
    ),
  );
  return node;
}

/** @param {string} name @param {number} [size] */
export function icon(name, size = 24) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("width", String(size));
  svg.setAttribute("height", String(size));
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

/** @param {string} selector @param {(node: HTMLElement) => void} behave */
export function whenPresent(selector, behave) {
  const done = new WeakSet();
  const look = (/** @type {ParentNode} */ within) => {
    const here = within instanceof HTMLElement && within.matches(selector) ? [within] : [];
    for (const node of [...here, ...all(selector, within)]) {
      if (done.has(node)) continue;
      done.add(node);
      behave(node);
    }
  };
  look(document);
  document.addEventListener("htmx:after:settle", () => look(document));
}
