// The card of the next door: who, how far, which side, who lacks a card, what happened last, and the outcomes.

import { statusPicture } from "../maps/status-picture.js";
import { element, icon } from "../core/dom.js";
import { formatMetres } from "../core/geo.js";
import { _, formatNumber, ngettext } from "../core/i18n.js";
import { formatDay } from "../core/time.js";
import { isMissing } from "./effect.js";
import { REASONS_OF_PEOPLE, wordsOf } from "./outcomes.js";

/** @param {any} stop */
function address(stop) {
  const parts = [stop.house_number, stop.alley ?? stop.address, stop.lon === null ? _("house to be found") : null, _("code %(code)s", { code: stop.code })];
  return parts.filter(Boolean).join(" · ");
}

/** @param {any} person */
function chip(person) {
  const name = String(person.name).split(" ").at(-1);
  const who = person.age === null || person.age === undefined ? name : _("%(name)s, %(age)s", { name, age: person.age });
  const away = _("Working away");
  if (person.residency === "away") return element("li", { class: "chip" }, `${who} · ${away}`);
  if (person.pledged_until) {
    const until = _("pledged until %(day)s", { day: formatDay(person.pledged_until) });
    return element("li", { class: "chip warn" }, `${who} · ${until}`);
  }
  const reason = /** @type {Record<string, string>} */ (REASONS_OF_PEOPLE)[person.reason_group ?? ""];
  return element("li", { class: "chip bad" }, reason ? `${who} · ${_(reason)}` : who);
}

/** @param {any} person whose card ends soon */
function endingChip(person) {
  const day = formatDay(person.cover_ends_on);
  const name = String(person.name).split(" ").at(-1);
  return element("li", { class: "chip warn" }, _("%(name)s: card ends %(day)s", { name, day }));
}

/** @param {any} stop */
function people(stop) {
  const living = stop.people.filter((/** @type {any} */ one) => (one.residency ?? "living") === "living");
  const missing = stop.people.filter((/** @type {any} */ one) => isMissing(one) || (one.residency === "away" && !one.has_card));
  const ending = stop.people.filter((/** @type {any} */ one) => one.status === "expiring" && one.cover_ends_on && !one.reported_on);
  const covered = living.length - living.filter(isMissing).length;
  const words = missing.length ? _("%(missing)s of %(all)s people have no card", { missing: formatNumber(missing.length), all: formatNumber(stop.people.length) }) : ending.length ? ngettext("The card of %(num)s person ends soon", "The cards of %(num)s people end soon", ending.length) : _("Everybody here has a card");
  const withCard = _("%(count)s with a card", { count: formatNumber(covered) });
  const rest = covered > 0 ? element("li", { class: "chip good" }, `✓ ${withCard}`) : null;
  return [element("p", {}, element("b", {}, words)), element("ul", { class: "walk-people", tabindex: 0, "aria-label": _("People of the household") }, ...missing.map(chip), ...ending.map(endingChip), rest)];
}

/** @param {any} last @param {() => void} onWrong */
function lastVisit(last, onWrong) {
  if (!last) return null;
  const wrong = last.is_mine && last.id ? element("button", { type: "button", class: "button small", onclick: onWrong }, icon("undo", 18), _("That was wrong")) : null;
  const outcome = wordsOf(last);
  const nth = _("visit %(times)s", { times: formatNumber(last.times) });
  const times = last.times > 1 ? ` (${nth})` : "";
  return element("p", { class: "walk-last" }, icon("clock", 20), element("span", { class: "grow" }, element("b", {}, formatDay(last.on)), `: ${outcome}${times}${last.note ? ` · ${last.note}` : ""}`), wrong);
}

/** @param {() => void} onKeep */
function correcting(onKeep) {
  const words = _("Choose the right result. The wrong one stays in the history, marked as wrong.");
  return element("p", { class: "walk-last", role: "status" }, icon("undo", 20), element("span", { class: "grow" }, words), element("button", { type: "button", class: "button small", onclick: onKeep }, _("Leave it")));
}

/** @param {string} picture @param {string} text @param {() => void} onclick */
function tile(picture, text, onclick) {
  return element("button", { type: "button", class: "tile", onclick }, statusPicture(picture, 34), element("span", {}, text));
}

/** @param {any} stop @param {{metres: number | null, bearing: number | null, isCorrecting: boolean, onQuick: (outcome: string) => void, onSheet: (kind: string) => void, onList: () => void, onNext: () => void, onWrong: () => void, onKeep: () => void}} facts */
export function card(stop, { metres, bearing, isCorrecting, onQuick, onSheet, onList, onNext, onWrong, onKeep }) {
  const last = isCorrecting ? correcting(onKeep) : lastVisit(stop.last_visit, onWrong);
  const side = stop.side === "left" ? _("on the left") : stop.side === "right" ? _("on the right") : "";
  const arrow = bearing === null ? null : icon("arrow", 22);
  if (arrow) arrow.style.transform = `rotate(${Math.round(/** @type {number} */ (bearing))}deg)`;
  const far = element("div", { class: "walk-far" }, metres === null ? "" : element("span", { class: "row" }, arrow, formatMetres(metres)), element("small", {}, side));
  return [
    element("div", { class: "walk-who" }, statusPicture(`status:${stop.status}:${stop.door_mark}`, 40), element("div", {}, element("h2", { id: "walk-who" }, `${stop.position} · ${stop.name ?? stop.code}`), element("p", { class: "quiet small" }, address(stop))), far),
    ...people(stop),
    ...(last ? [last] : []),
    element(
      "div",
      { class: "walk-tiles", role: "group", "aria-label": _("Result") },
      tile("status:covered", _("Enrols"), () => onSheet("enrolled")),
      tile("status:pledged", _("Pledges"), () => onSheet("pledged")),
      tile("mark:not_home", _("Not home"), () => onQuick("not_home")),
      tile("mark:refused", _("Refuses"), () => onSheet("refused")),
    ),
    element(
      "div",
      { class: "walk-more" },
      element("a", { class: "button", href: `/households/${stop.household_id}/premium` }, _("Premium")),
      element("button", { type: "button", class: "button", onclick: () => onSheet("other") }, icon("more"), _("Other result")),
      element("button", { type: "button", class: "button", onclick: onList }, icon("list"), _("List")),
      element("button", { type: "button", class: "button", onclick: onNext }, _("Next door"), icon("next")),
    ),
  ];
}
