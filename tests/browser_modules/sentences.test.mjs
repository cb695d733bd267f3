import assert from "node:assert/strict";
import { test } from "node:test";
import { askedFor, browserSentences, parsePo } from "../../webmap/frontend/build/sentences.mjs";

const PO = `
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

#: a.js:1
msgid "Saved"
msgstr "Đã lưu"

msgid "Only "
"on the server"
msgstr "Chỉ ở máy chủ"

msgid "%(num)s door"
msgid_plural "%(num)s doors"
msgstr[0] "%(num)s hộ"

#, fuzzy
msgid "Unsure"
msgstr "Không chắc"

msgid "Say \\"yes\\""
msgstr "Nói \\"có\\""

msgid "Not yet"
msgstr ""

#~ msgid "Gone"
#~ msgstr "Mất"
`;

test("a catalogue is read with its plurals, joined lines, quotes and marks", () => {
  const byId = Object.fromEntries(parsePo(PO).map((entry) => [entry.id, entry]));
  assert.deepEqual(byId["Only on the server"].texts, ["Chỉ ở máy chủ"]);
  assert.deepEqual(byId["%(num)s door"].texts, ["%(num)s hộ"]);
  assert.equal(byId["Unsure"].isFuzzy, true);
  assert.deepEqual(byId['Say "yes"'].texts, ['Nói "có"']);
  assert.equal("Gone" in byId, false);
});

test("sources ask with any kind of quotes, and on the next line", () => {
  const asked = askedFor([
    'toast(_("Saved"))',
    "_('Say \"yes\"')",
    'ngettext(\n  "%(num)s door",\n  "%(num)s doors", n)',
    'other_("No")',
  ]);
  assert.deepEqual([...asked].sort(), ["%(num)s door", "Saved", 'Say "yes"']);
});

test("only what the browser asks for is sent to it, and nothing untranslated or unsure", () => {
  const sources = ['_("Saved")', '_("Unsure")', '_("Not yet")', 'ngettext("%(num)s door", "%(num)s doors", 2)'];
  assert.deepEqual(browserSentences(PO, sources), { Saved: "Đã lưu", "%(num)s door": ["%(num)s hộ"] });
});
