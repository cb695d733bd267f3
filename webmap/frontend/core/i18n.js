// Sentences in the reader's language. The catalogue is the page's script asset('i18n-<language>.js'), built from
// messages.po with only what the modules ask for; English needs none, as its sentences are the keys.
//
//   _("Saved on this phone")                       _("%(count)s doors left", {count: 3})
//   ngettext("%(num)s door", "%(num)s doors", 3)   num is filled in, written as the language writes numbers
//   formatNumber(1234567.8)                        1.234.567,8
//   formatPercent(85.83)                           85,8%    (the share in percent, not the fraction)

/** @type {Record<string, string | string[]>} */
const sentences = /** @type {any} */ (globalThis).sentences ?? {};
const language = globalThis.document?.documentElement.lang || "vi";
const locale = language === "vi" ? "vi-VN" : "en-GB";
const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const percents = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** @param {string} sentence @param {Record<string, unknown>} facts */
function filled(sentence, facts) {
  return sentence
    .replace(/%\((\w+)\)[sd]/g, (whole, name) => (name in facts ? String(facts[name]) : whole))
    .replaceAll("%%", "%");
}

/** @param {string} sentence @param {Record<string, unknown>} [facts] */
export function _(sentence, facts) {
  const found = sentences[sentence];
  const text = typeof found === "string" ? found : sentence;
  return facts ? filled(text, facts) : text;
}

/** @param {string} one @param {string} many @param {number} num @param {Record<string, unknown>} [facts] */
export function ngettext(one, many, num, facts = {}) {
  const found = sentences[one];
  const forms = Array.isArray(found) ? found : [one, many];
  const text = forms[Math.min(num === 1 ? 0 : 1, forms.length - 1)];
  return filled(text, { num: numbers.format(num), ...facts });
}

/** @param {number} value */
export function formatNumber(value) {
  return numbers.format(value);
}

/** @param {number} value */
export function formatPercent(value) {
  return `${percents.format(value)}%`;
}

/** Vietnamese names in their own order: a, ă, â, … đ after d. @param {string} a @param {string} b */
export const inOrder = new Intl.Collator(locale, { numeric: true }).compare;
