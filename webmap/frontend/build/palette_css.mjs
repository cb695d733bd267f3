// The palette as custom properties: --covered, --mark-refused, --class-1 …, --route-1 …

/** @param {any} palette the parsed gis_layers/render/palette.json */
export function paletteCss(palette) {
  const lines = [
    `--symbol-outline:${palette.outline}`,
    ...palette.statuses.map((status) => `--${status.id}:${status.fill}`),
    ...palette.marks.map((mark) => `--mark-${mark.id.replace("_", "-")}:${mark.fill}`),
    ...palette.coverage_fills.map((fill, index) => `--class-${index + 1}:${fill}`),
    ...palette.routes.map((route, index) => `--route-${index + 1}:${route.colour}`),
    `--ground:${palette.ground.plain.background}`,
  ];
  return `:root{${lines.join(";")}}:root[data-theme=sun]{--ground:${palette.ground.sun.background}}`;
}
