// Lets `node --test` read browser modules as they are: "palette" is the file that the build puts in.
import { register } from "node:module";

const hooks = `
import { readFileSync } from "node:fs";
const FILE = new URL(${JSON.stringify(new URL("../../gis_layers/render/palette.json", import.meta.url).href)});
export const resolve = (name, context, next) => (name === "palette" ? { url: "palette:", shortCircuit: true } : next(name, context));
export const load = (url, context, next) =>
  url === "palette:" ? { format: "module", shortCircuit: true, source: "export default " + readFileSync(FILE, "utf8") } : next(url, context);
`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
