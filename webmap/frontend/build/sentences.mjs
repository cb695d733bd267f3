// The sentences that browser modules ask for, out of a gettext catalogue (.po).

const UNESCAPED = { n: "\n", t: "\t", '"': '"', "\\": "\\" };

function unquoted(text) {
  return text.replace(/\\(.)/g, (_all, letter) => UNESCAPED[letter] ?? letter);
}

/** Every entry of a .po file: {id, plural, texts, isFuzzy}. Obsolete entries are left out. */
export function parsePo(po) {
  return po.split(/\n\s*\n/).flatMap((block) => {
    const entry = { id: "", plural: "", texts: /** @type {string[]} */ ([]), isFuzzy: /^#,.*\bfuzzy\b/m.test(block) };
    let add = (/** @type {string} */ _text) => {};
    for (const line of block.split("\n")) {
      const [, keyword, index, quoted] = /^(msgid_plural|msgid|msgstr)?(?:\[(\d)\])?\s*"(.*)"\s*$/.exec(line) ?? [];
      if (quoted === undefined) continue;
      if (keyword === "msgid") add = (text) => (entry.id += text);
      else if (keyword === "msgid_plural") add = (text) => (entry.plural += text);
      else if (keyword === "msgstr") {
        const at = Number(index ?? 0);
        entry.texts[at] = "";
        add = (text) => (entry.texts[at] += text);
      }
      add(unquoted(quoted));
    }
    return entry.id ? [entry] : [];
  });
}

/** String literals handed to `_(` and `ngettext(` in the sources. */
export function askedFor(sources) {
  const asked = new Set();
  const literal = /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`((?:[^`\\$]|\\.)*)`/.source;
  const call = new RegExp(String.raw`\b(?:_|ngettext|N_)\(\s*(?:${literal})`, "g");
  for (const source of sources) {
    for (const [, double, single, backtick] of source.matchAll(call)) asked.add(unquoted(double ?? single ?? backtick));
  }
  return asked;
}

/** {sentence: translation, or [one, many …] where it has plural forms}, of what the sources ask for only. */
export function browserSentences(po, sources) {
  const asked = askedFor(sources);
  const wanted = parsePo(po).filter(
    ({ id, texts, isFuzzy }) => asked.has(id) && !isFuzzy && texts.every(Boolean) && texts.length > 0,
  );
  return Object.fromEntries(wanted.map(({ id, plural, texts }) => [id, plural ? texts : texts[0]]));
}
