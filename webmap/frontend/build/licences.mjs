// The licences of everything that is sent to browsers, in one text file.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** Packages named in the builds' inputs, and what those packages carry inside. */
function packagesIn(root, metafiles) {
  const waiting = metafiles.flatMap(({ inputs }) =>
    Object.keys(inputs).map((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]),
  );
  const found = new Map();
  while (waiting.length > 0) {
    const name = waiting.pop();
    const folder = name && path.join(root, "node_modules", name);
    if (!folder || found.has(name) || !existsSync(path.join(folder, "package.json"))) continue;
    const about = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
    found.set(name, { folder, about });
    waiting.push(...Object.keys(about.dependencies ?? {}));
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** @param {string} root @param {{inputs: Record<string, unknown>}[]} metafiles */
export function licenceTexts(root, metafiles) {
  const parts = packagesIn(root, metafiles).map(([name, { folder, about }]) => {
    const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying|ofl)/i.test(entry));
    const text = file ? readFileSync(path.join(folder, file), "utf8").trim() : `Licence: ${about.license}`;
    return `${name} ${about.version} (${about.license})\n${"-".repeat(72)}\n${text}\n`;
  });
  return parts.join("\n\n");
}
