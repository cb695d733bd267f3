// Pictures of statuses and marks as inline SVG, from the palette: for cards and buttons outside the map.
//
//   statusPicture("status:partly:not_home", 40)     statusPicture("status:covered")     statusPicture("mark:refused", 34)

import palette from "palette";

const SPACE = "http://www.w3.org/2000/svg";

/** @param {string} name @param {Record<string, string>} attributes */
function svg(name, attributes) {
  const node = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

/** @param {any} symbol */
function drawn(symbol) {
  const group = svg("g", { "stroke-linejoin": "round", "stroke-linecap": "round" });
  group.append(
    svg("path", {
      d: symbol.shape,
      fill: symbol.fill,
      stroke: symbol.stroke || palette.outline,
      "stroke-width": "1.9",
      ...(symbol.is_dashed ? { "stroke-dasharray": "3.4 2.2" } : {}),
    }),
  );
  if (symbol.solid) group.append(svg("path", { d: symbol.solid, fill: symbol.on }));
  if (symbol.glyph)
    group.append(svg("path", { d: symbol.glyph, fill: "none", stroke: symbol.on, "stroke-width": "2.4" }));
  return group;
}

/** @param {string} name @param {number} [size] */
export function statusPicture(name, size = 24) {
  const [kind, code, mark] = name.split(":");
  const find = (/** @type {any[]} */ symbols, /** @type {string} */ id) =>
    symbols.find((one) => one.id === id) ?? symbols.at(-1);
  const picture = svg("svg", {
    class: "symbol",
    width: String(size),
    height: String(size),
    viewBox: "0 0 24 24",
    "aria-hidden": "true",
  });
  picture.append(drawn(find(kind === "mark" ? palette.marks : palette.statuses, code)));
  const badge = kind === "status" && mark ? find(palette.marks, mark) : null;
  if (badge && !badge.is_plain) {
    const group = svg("g", { transform: "translate(14 14) scale(.55)" });
    group.append(drawn(badge));
    picture.append(group);
  }
  return picture;
}
