import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.sentences = {
  Saved: "Đã lưu",
  "%(count)s left": "còn %(count)s",
  "%(num)s door": ["%(num)s hộ"],
};
const { _, ngettext, formatNumber, formatPercent, inOrder } = await import("../../webmap/frontend/core/i18n.js");
const { vietnamDay, formatDay, formatInstant, daysBetween } = await import("../../webmap/frontend/core/time.js");
const { metresBetween, bearingDegrees, formatMetres, parseHash } = await import("../../webmap/frontend/core/geo.js");

test("a sentence is said in Vietnamese, with its facts; an unknown one in English", () => {
  assert.equal(_("Saved"), "Đã lưu");
  assert.equal(_("%(count)s left", { count: 3 }), "còn 3");
  assert.equal(_("Never heard"), "Never heard");
});

test("one plural form serves any number, and numbers are written as in Vietnam", () => {
  assert.equal(ngettext("%(num)s door", "%(num)s doors", 1), "1 hộ");
  assert.equal(ngettext("%(num)s door", "%(num)s doors", 1234), "1.234 hộ");
  assert.equal(ngettext("%(num)s house", "%(num)s houses", 2), "2 houses");
  assert.equal(formatNumber(1234567.84), "1.234.567,8");
  assert.equal(formatPercent(101.12), "101,1%");
});

test("names stand in Vietnamese order", () => {
  assert.deepEqual(["Út", "Đào", "Ấm", "Dũng", "Ước", "An", "Ăn"].sort(inOrder), [
    "An",
    "Ăn",
    "Ấm",
    "Dũng",
    "Đào",
    "Út",
    "Ước",
  ]);
});

test("half past six in the morning in the village is still yesterday in Greenwich", () => {
  assert.equal(vietnamDay("2025-05-20T23:30:00Z"), "2025-05-21");
  assert.equal(formatInstant("2025-05-20T23:30:00Z"), "06:30, 21/05/2025");
  assert.equal(formatDay("2026-11-30"), "30/11/2026");
  assert.equal(daysBetween("2026-02-27", "2026-03-01"), 2);
});

test("a hundredth of a degree of latitude is about 1.11 km, due north", () => {
  const [from, to] = [
    { lon: 106.6, lat: 17.3 },
    { lon: 106.6, lat: 17.31 },
  ];
  assert.ok(Math.abs(metresBetween(from, to) - 1111.95) < 0.5);
  assert.equal(Math.round(bearingDegrees(from, to)), 0);
  assert.equal(Math.round(bearingDegrees(to, from)), 180);
  assert.equal(metresBetween(from, from), 0);
});

test("distances are rounded as one would say them", () => {
  assert.deepEqual([7.4, 33, 148, 994, 996, 1240].map(formatMetres), [
    "7 m",
    "35 m",
    "150 m",
    "990 m",
    "1 km",
    "1,2 km",
  ]);
});

test("a place in the address is read, and nonsense is not", () => {
  assert.deepEqual(parseHash("#16/17.3/106.6"), { zoom: 16, center: [106.6, 17.3] });
  for (const bad of ["", "#", "#main", "#16/91/106", "#x/17/106", "#16/17"]) assert.equal(parseHash(bad), null);
});
