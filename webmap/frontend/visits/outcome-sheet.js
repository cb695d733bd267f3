// The sheet that asks for the rest of an outcome: who, until when, why. People without a card are chosen beforehand.
//
//   const entry = await outcomeSheet(stop, "enrolled" | "pledged" | "refused" | "other", {fix, metres, isFar})   null: not saved

import { statusPicture } from "../maps/status-picture.js";
import { element, icon } from "../core/dom.js";
import { formatMetres } from "../core/geo.js";
import { _ } from "../core/i18n.js";
import { formatDay, vietnamDay } from "../core/time.js";
import { uuid7 } from "../sync/uuid7.js";
import { isMissing } from "./effect.js";
import { OUTCOME_WORDS, PERSON_WORDS, REASONS_OF_PEOPLE, REASON_WORDS } from "./outcomes.js";

const N_ = (/** @type {string} */ sentence) => sentence;
const KINDS = {
  enrolled: { picture: "status:covered", title: N_("Enrols in health insurance"), who: N_("Who enrols?") },
  pledged: { picture: "status:pledged", title: N_("Pledges to join"), who: N_("Who pledges?") },
  refused: { picture: "mark:refused", title: N_("Refuses"), who: N_("Who refuses?") },
  other: { picture: "mark:revisit", title: N_("Other result"), who: "" },
};
const PAY = { cash: N_("Cash"), transfer: N_("Bank transfer"), forest_fund: N_("Forest-environment fund"), other: N_("Other way") };
const AT_THE_DOOR = ["deferred", "vacant", "no_entry", "not_found", "moved_away"];
const OF_PEOPLE = ["enrolled", "has_card", "needs_support", "refused", "away", "moved", "deceased"];
const DAY = 86_400_000;

/** @param {any} person */
function aboutPerson(person) {
  const reason = /** @type {Record<string, string>} */ (REASONS_OF_PEOPLE)[person.reason_group ?? ""];
  const name = person.age === null || person.age === undefined ? person.name : _("%(name)s, %(age)s years old", { name: person.name, age: person.age });
  const ends = person.status === "expiring" && person.cover_ends_on ? _("Card ends %(day)s", { day: formatDay(person.cover_ends_on) }) : _("Has a card");
  const words = person.has_card ? ends : reason ? _(reason) : _("No card");
  return element("span", {}, element("b", {}, name), element("small", {}, words));
}

/** @param {any} stop @param {string} legend */
function whoField(stop, legend) {
  const asked = stop.people.filter((/** @type {any} */ one) => !one.has_card || one.status === "expiring");
  const isAnyMissing = asked.some(isMissing); // in a house where all have cards, the ones that end soon are renewed
  const options = asked.map((/** @type {any} */ person) =>
    element("label", { class: "option" }, element("input", { type: "checkbox", name: "who", value: person.id, checked: isMissing(person) || !isAnyMissing }), aboutPerson(person)),
  );
  return element("fieldset", { class: "sheet-field" }, element("legend", {}, _(legend)), ...options);
}

/** @param {number} now */
function pledgeDays(now) {
  const weekday = (new Date(now + 7 * 3_600_000).getUTCDay() + 6) % 7; // 0 = Monday, in Vietnam
  const today = vietnamDay(now);
  const [year, month] = today.split("-").map(Number);
  const end = new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
  return [
    { value: vietnamDay(now + (6 - weekday) * DAY), text: _("This week") },
    { value: end, text: _("Before %(day)s", { day: formatDay(end).slice(0, 5) }) },
    { value: "", text: _("Other day") },
  ];
}

function whenField() {
  const days = pledgeDays(Date.now());
  const other = element("input", { type: "date", name: "other_day", class: "input", min: vietnamDay(Date.now()), "aria-label": _("Other day"), hidden: true });
  const options = days.map(({ value, text }, index) =>
    element("label", { class: "option segment" }, element("input", { type: "radio", name: "until", value, checked: index === 1, onchange: () => (other.hidden = value !== "") }), element("span", {}, text)),
  );
  return element("fieldset", { class: "sheet-field" }, element("legend", {}, _("Pays when?")), element("div", { class: "sheet-three" }, ...options), other);
}

/** @param {string} legend @param {string} name @param {Record<string, string>} words @param {string} chosen */
function chooseOne(legend, name, words, chosen) {
  const options = Object.entries(words).map(([value, text]) =>
    element("label", { class: "option segment" }, element("input", { type: "radio", name, value, checked: value === chosen }), element("span", {}, _(text))),
  );
  return element("fieldset", { class: "sheet-field" }, element("legend", {}, _(legend)), element("div", { class: "pair" }, ...options));
}

/** @param {any} stop @param {(outcome: string) => void} onQuick */
function otherFields(stop, onQuick) {
  const quick = AT_THE_DOOR.map((outcome) => element("button", { type: "button", class: "button", onclick: () => onQuick(outcome) }, _(/** @type {any} */ (OUTCOME_WORDS)[outcome])));
  const choices = () => [element("option", { value: "" }, "–"), ...OF_PEOPLE.map((outcome) => element("option", { value: outcome }, _(/** @type {any} */ (PERSON_WORDS)[outcome])))];
  const people = stop.people.map((/** @type {any} */ person) =>
    element("div", { class: "field" }, element("label", { for: `of-${person.id}` }, aboutPerson(person)), element("select", { id: `of-${person.id}`, name: `of:${person.id}` }, ...choices())),
  );
  return [
    element("fieldset", { class: "sheet-field" }, element("legend", {}, _("The whole household")), element("div", { class: "pair" }, ...quick)),
    element("fieldset", { class: "sheet-field" }, element("legend", {}, _("Each person")), ...people),
    element(
      "details",
      {},
      element("summary", { class: "button block" }, icon("add"), _("Somebody nobody listed")),
      element("div", { class: "sheet-field" }, element("div", { class: "field" }, element("label", { for: "new-name" }, _("Full name")), element("input", { id: "new-name", name: "new_name", maxlength: 120, autocomplete: "off" })), element("div", { class: "field" }, element("label", { for: "new-year" }, _("Year of birth")), element("input", { id: "new-year", name: "new_year", inputmode: "numeric", maxlength: 4, autocomplete: "off" }))),
    ),
  ];
}

/** @param {{fix: any, metres: number | null, isFar: boolean}} where */
function whereLine({ fix, metres, isFar }) {
  if (!fix) return element("p", { class: "sheet-where warn" }, icon("locate", 20), _("No position: the visit is kept without one."));
  const accuracy = `±${formatMetres(fix.accuracyMetres)}`;
  const places = _("this visit places the house");
  if (metres === null) return element("p", { class: "sheet-where" }, icon("locate", 20), `${accuracy}, ${places}`);
  const words = isFar ? _("%(metres)s from the house. Is it the right one?", { metres: formatMetres(metres) }) : _("at the right house (%(metres)s)", { metres: formatMetres(metres) });
  return element("p", { class: isFar ? "sheet-where warn" : "sheet-where" }, icon(isFar ? "warn" : "locate", 20), `${accuracy}, ${words}`);
}

/** @param {FormData} form @param {any} stop @param {string} kind */
function entryOf(form, stop, kind) {
  const note = String(form.get("note") ?? "").trim() || null;
  if (kind === "other") {
    const people = stop.people.map((/** @type {any} */ person) => ({ person_id: person.id, outcome: String(form.get(`of:${person.id}`) ?? "") })).filter((/** @type {any} */ one) => one.outcome);
    const name = String(form.get("new_name") ?? "").trim();
    const year = Number(form.get("new_year"));
    const new_people = name ? [{ id: uuid7(), full_name: name, birth_year: year >= 1900 && year <= 2100 ? year : null }] : [];
    return { outcome: "met", people, new_people, note };
  }
  const until = String(form.get("until") || form.get("other_day") || "");
  const extra = kind === "pledged" ? { pledged_until: until, pay_how: form.get("pay_how") } : kind === "refused" ? { reason_group: form.get("reason") } : {};
  const people = form.getAll("who").map((person_id) => ({ person_id: String(person_id), outcome: kind, ...extra }));
  if (people.length === 0 || (kind === "pledged" && !until)) return null;
  return { outcome: "met", people, note };
}

/** @param {any} stop @param {"enrolled" | "pledged" | "refused" | "other" | string} kind @param {{fix: any, metres: number | null, isFar: boolean}} where @returns {Promise<any>} */
export function outcomeSheet(stop, kind, where) {
  const { picture, title, who } = /** @type {any} */ (KINDS)[kind];
  return new Promise((resolve) => {
    const close = (/** @type {any} */ entry) => {
      resolve(entry);
      dialog.close();
    };
    const fields = {
      enrolled: () => [whoField(stop, who)],
      pledged: () => [whoField(stop, who), whenField(), chooseOne(N_("Pays how?"), "pay_how", PAY, "cash")],
      refused: () => [whoField(stop, who), chooseOne(N_("Why?"), "reason", REASON_WORDS, "not_interested")],
      other: () => otherFields(stop, (outcome) => close({ outcome, note: String(new FormData(form).get("note") ?? "").trim() || null })),
    };
    const problem = element("p", { class: "bad", role: "alert" });
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      const entry = entryOf(new FormData(form), stop, kind);
      if (entry) close(entry);
      else problem.textContent = _("Choose who, and a day.");
    };
    const form = /** @type {HTMLFormElement} */ (
      element(
        "form",
        { class: "outcome", onsubmit: submit },
        element("div", { class: "dialog-head" }, statusPicture(picture, 40), element("div", { class: "grow" }, element("h2", { id: "outcome-title" }, _(title)), element("p", { class: "quiet small" }, `${stop.position} · ${stop.name ?? stop.code}`)), element("button", { type: "button", class: "button ghost icon", "aria-label": _("Close without saving"), onclick: () => close(null) }, icon("close"))),
        element(
          "div",
          { class: "dialog-body" },
          .../** @type {any} */ (fields)[kind](),
          element("details", {}, element("summary", { class: "button block" }, icon("pen"), _("Note")), element("textarea", { name: "note", class: "input", maxlength: 1000, rows: 3, "aria-label": _("Note") })),
          whereLine(where),
          problem,
        ),
        element("div", { class: "dialog-foot" }, element("button", { type: "button", class: "button large", "aria-label": _("Back"), onclick: () => close(null) }, icon("back")), element("button", { class: "button main large grow" }, icon("check"), _("Save, next door"))),
      )
    );
    const dialog = /** @type {HTMLDialogElement} */ (element("dialog", { class: "outcome-dialog", "aria-labelledby": "outcome-title", onclose: () => (resolve(null), dialog.remove()) }, form));
    document.body.append(dialog);
    dialog.showModal();
  });
}
