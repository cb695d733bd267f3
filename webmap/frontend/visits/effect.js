// What a visit does to a household: the twin of webmap/visits/rules.py. Both read tests/shared/visit_examples.json.
//
//   const {people, door_mark, due_on} = effectOf(people, entry, "2026-05-20")
//   householdStatus(people)       the colour of the door, as webmap/coverage/rules.py chooses it

/** @typedef {{id: string, has_card?: boolean, residency?: string, reported_on?: string | null, pledged_until?: string | null, reason_group?: string | null, next_step?: string | null, next_step_on?: string | null}} Person */
/** @typedef {{outcome: string, revisit_on?: string | null, people?: {person_id: string, outcome: string, reason_group?: string | null, pledged_until?: string | null}[], new_people?: any[]}} Visit */

const DAYS_UNTIL_NEXT = { not_home: 2, no_entry: 3, refused: 30, deferred: 7, met: 7 };
const MARKS = { not_home: "not_home", no_entry: "not_home", refused: "refused", vacant: "done", moved_away: "done", not_found: "not_found", deferred: "revisit" };

/** @param {string} day "2026-05-20" @param {number} days */
function later(day, days) {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** @param {string} outcome @param {string} day @returns {string | null} */
function inDays(outcome, day) {
  const days = /** @type {Record<string, number>} */ (DAYS_UNTIL_NEXT)[outcome];
  return days === undefined ? null : later(day, days);
}

/** @param {Person} person lives here, and has neither a card nor said to have enrolled */
export function isMissing(person) {
  return (person.residency ?? "living") === "living" && !person.has_card && !person.reported_on;
}

/** @param {Person} person lives here, has not enrolled, and has no card, or a pledge (to renew one that ends soon) */
function isOpen(person) {
  return (person.residency ?? "living") === "living" && !person.reported_on && (!person.has_card || Boolean(person.pledged_until));
}

/** @param {Person} before @param {any} found @param {string} day @returns {Person} */
function personAfter(before, found, day) {
  const settled = { ...before, pledged_until: null, next_step: null, next_step_on: null };
  switch (found.outcome) {
    case "enrolled":
    case "has_card":
      return { ...settled, reported_on: day, reason_group: null };
    case "pledged":
      return { ...settled, pledged_until: found.pledged_until, next_step: "collect", next_step_on: found.pledged_until };
    case "refused":
      return { ...settled, reason_group: found.reason_group ?? "not_interested", next_step: "revisit", next_step_on: later(day, DAYS_UNTIL_NEXT.refused) };
    case "needs_support":
      return { ...settled, reason_group: found.reason_group ?? "hardship", next_step: "sponsor" };
    case "away":
      return { ...before, residency: "away", reason_group: before.has_card ? null : (found.reason_group ?? "away") };
    case "moved":
      return { ...settled, residency: "moved_out" };
    case "deceased":
      return { ...settled, residency: "deceased" };
    default:
      return before;
  }
}

/** @param {Visit} entry @param {Person[]} people after the visit @param {string} day */
function doorAfter(entry, people, day) {
  const revisit = entry.revisit_on ?? null;
  if (entry.outcome !== "met") {
    return { door_mark: /** @type {Record<string, string>} */ (MARKS)[entry.outcome] ?? "not_visited", due_on: revisit ?? inDays(entry.outcome, day) };
  }
  const refused = new Set((entry.people ?? []).filter((one) => one.outcome === "refused").map((one) => one.person_id));
  const open = people.filter(isOpen);
  if (open.length === 0) return { door_mark: "done", due_on: revisit };
  if (open.every((one) => refused.has(one.id))) return { door_mark: "refused", due_on: revisit ?? inDays("refused", day) };
  const pledges = open.map((one) => one.pledged_until ?? "").filter(Boolean).sort();
  const first = pledges.length === open.length ? pledges[0] : null;
  return { door_mark: "revisit", due_on: revisit ?? first ?? inDays("met", day) };
}

/** @param {Person[]} people @param {Visit} entry @param {string} day of the visit in Vietnam */
export function effectOf(people, entry, day) {
  const found = new Map((entry.people ?? []).map((one) => [one.person_id, one]));
  const everybody = [...people, ...(entry.new_people ?? []).map((one) => ({ ...one, name: one.full_name, status: "uncovered" }))];
  const after = everybody.map((person) => (found.has(person.id) ? personAfter(person, found.get(person.id), day) : person));
  return { people: after, ...doorAfter(entry, after, day) };
}

/** @param {Person & {status?: string}} person */
export function personStatus(person) {
  if (person.has_card) return person.status ?? "covered";
  if (person.reported_on) return "reported";
  return person.pledged_until ? "pledged" : "uncovered";
}

/** @param {(Person & {status?: string})[]} people */
export function householdStatus(people) {
  const living = people.filter((one) => (one.residency ?? "living") === "living").map(personStatus);
  const missing = living.filter((status) => status !== "covered" && status !== "expiring");
  if (living.length === 0) return "unknown";
  if (missing.length === 0) return living.includes("expiring") ? "expiring" : "covered";
  if (missing.every((status) => status === "reported")) return "reported";
  if (missing.every((status) => status === "reported" || status === "pledged")) return "pledged";
  return missing.length < living.length ? "partly" : "uncovered";
}
