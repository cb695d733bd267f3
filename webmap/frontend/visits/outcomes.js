// The words of outcomes, as webmap/words.py has them for the server's pages.

import { _ } from "../core/i18n.js";

const N_ = (/** @type {string} */ sentence) => sentence;

export const OUTCOME_WORDS = {
  met: N_("Met"),
  not_home: N_("Not home"),
  refused: N_("Refused"),
  vacant: N_("House stands empty"),
  no_entry: N_("Could not get in"),
  moved_away: N_("Household moved away"),
  not_found: N_("House not found"),
  deferred: N_("Asked to come another day"),
};

export const PERSON_WORDS = {
  enrolled: N_("Enrolled today"),
  has_card: N_("Has a card, seen"),
  pledged: N_("Pledged"),
  refused: N_("Refused"),
  needs_support: N_("Needs support"),
  away: N_("Away, still on the register"),
  moved: N_("Moved out"),
  deceased: N_("Deceased"),
};

export const REASON_WORDS = {
  not_interested: N_("Not interested"),
  commercial: N_("Has commercial insurance"),
  hardship: N_("Hard up, not officially poor"),
  abroad: N_("Preparing to go abroad"),
  other: N_("Other reason"),
};

export const REASONS_OF_PEOPLE = {
  expired: N_("Card expired, not renewed"),
  lost_subsidy: N_("No longer subsidised"),
  student: N_("Pupil or student"),
  under_six: N_("Child under 6 without a card"),
  away: N_("Working away"),
  ...REASON_WORDS,
};

/** What a visit is called: by what its people did where that is one thing. @param {any} entry */
export function wordsOf(entry) {
  const kinds = new Set((entry.people ?? []).map((/** @type {any} */ one) => one.outcome));
  const word = kinds.size === 1 ? /** @type {any} */ (PERSON_WORDS)[[...kinds][0]] : /** @type {any} */ (OUTCOME_WORDS)[entry.outcome];
  return _(word ?? entry.outcome);
}
