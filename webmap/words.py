"""The words on screen for codes in the tables: one place for templates, spreadsheets and reports.

`word("status", "partly")` is the sentence in the reader's language; `words("reason")` all of a kind, in their order,
for lists to choose from. Every code of the enums has a word here (tests/webmap/test_words.py).
"""

from flask_babel import gettext

from webmap.errors import N_
from webmap.map_words import MAP_WORDS

WORDS: dict[str, dict[str, str]] = {
    **MAP_WORDS,
    "status": {
        "covered": N_("Covered"),
        "partly": N_("Partly covered"),
        "uncovered": N_("Uncovered"),
        "expiring": N_("Expiring soon"),
        "reported": N_("Reported, not yet on the roll"),
        "pledged": N_("Pledged"),
        "unknown": N_("Unknown"),
    },
    "mark": {
        "not_visited": N_("Not visited"),
        "not_home": N_("Not home"),
        "refused": N_("Refused"),
        "revisit": N_("Revisit"),
        "done": N_("Done"),
        "not_found": N_("House not found"),
    },
    "reason": {
        "expired": N_("Card expired, not renewed"),
        "lost_subsidy": N_("No longer subsidised"),
        "hardship": N_("Hard up, not officially poor"),
        "not_interested": N_("Not interested"),
        "commercial": N_("Has commercial insurance"),
        "student": N_("Pupil or student"),
        "under_six": N_("Child under 6 without a card"),
        "away": N_("Working away"),
        "abroad": N_("Preparing to go abroad"),
        "other": N_("Other reason"),
        "unknown": N_("Reason not yet known"),
    },
    "ledger": {
        "opening": N_("On the register at first"),
        "born": N_("Born"),
        "arrived": N_("Arrived, or newly written down"),
        "deceased": N_("Deceased"),
        "moved_out": N_("Moved out"),
        "removed": N_("Taken off: duplicate or error"),
        "closing": N_("On the register at last"),
        "opening_covered": N_("With a card at first"),
        "came_covered": N_("Came with a card"),
        "lost_cover": N_("No longer with a card"),
        "left_covered": N_("Left with a card"),
        "closing_covered": N_("With a card at last"),
        "covered": N_("With a card on both days"),
        "newly_covered": N_("Newly covered"),
        "confirmed": N_("Confirmed: reported by a visit, now with a card"),
        "reported": N_("Reported, not yet on the roll"),
        "reported_late": N_("Reported long ago, still not on the roll"),
        "expired": N_("Card expired, not renewed"),
        "lost_subsidy": N_("No longer subsidised"),
        "away": N_("Away and without a card"),
        "uncovered": N_("Uncovered"),
        "stayed": N_("On the register on both days"),
        "not_on_roll": N_("With a card, but not on the newest roll"),
        "everybody": N_("Everybody"),
        "stranger": N_("On the roll, but in no known household"),
        "twice": N_("Listed twice on the roll"),
    },
    "work": {
        "pledge_overdue": N_("Pledge overdue"),
        "reported_late": N_("Reported long ago, still not on the roll"),
        "collect": N_("Collect a pledge"),
        "sponsor": N_("Ask a sponsor"),
        "revisit": N_("Visit again"),
        "renew": N_("Renew a card that ends"),
        "no_step": N_("Uncovered, no next step yet"),
    },
    "age": {
        "under_six": N_("Under 6"),
        "pupil": N_("6 to 17"),
        "student": N_("18 to 22"),
        "working": N_("23 to 59"),
        "elderly": N_("60 to 79"),
        "eldest": N_("80 and over"),
    },
    "residency": {
        "living": N_("Living here"),
        "away": N_("Away, still on the register"),
        "moved_out": N_("Moved out"),
        "deceased": N_("Deceased"),
    },
    "official": {
        "participants": N_("People with a card, by the agency"),
        "target": N_("People who shall take part (official target)"),
        "population": N_("Population"),
        "social_insurance": N_("Voluntary social insurance: people"),
        "social_insurance_target": N_("Voluntary social insurance: target"),
    },
    "denominator": {
        "registered": N_("People on the register"),
        "living": N_("People living here"),
        "target": N_("Official target"),
    },
    "measure": {
        "registered_rate": N_("Rate of the people on the register"),
        "living_rate": N_("Rate of the people living here"),
        "new_cards": N_("New health-insurance cards"),
        "new_social_insurance": N_("New members of voluntary social insurance"),
    },
    "pledge": {
        "overdue": N_("Overdue"),
        "open": N_("Still open"),
        "reported": N_("Said enrolled, not yet on the roll"),
        "kept": N_("Kept"),
        "withdrawn": N_("Withdrawn"),
    },
    "receivers": {"residents": N_("Residents"), "pupils": N_("Pupils and students"), "anyone": N_("Anyone")},
    "allocation": {"confirmed": N_("Confirmed"), "given": N_("Given out"), "withdrawn": N_("Withdrawn")},
    "pay_how": {
        "cash": N_("Cash"),
        "transfer": N_("Bank transfer"),
        "forest_fund": N_("Forest-environment fund"),
        "other": N_("Other way"),
    },
    "subject": {
        "account": N_("account"),
        "area": N_("area"),
        "household": N_("household"),
        "person": N_("person"),
        "card": N_("card"),
        "household_import": N_("import of households"),
        "plan": N_("plan"),
        "route": N_("route"),
        "visit": N_("visit"),
        "base_salary": N_("base salary"),
        "premium_share": N_("share of a premium"),
        "donation": N_("donation"),
        "entry": N_("entry of a phone"),
        "source": N_("source"),
        "job": N_("job"),
        "map_import": N_("change of the map"),
        "map_file": N_("map file"),
    },
    "fact": {
        "role": N_("role"),
        "areas": N_("areas"),
        "sees_persons": N_("sees persons"),
        "is_active": N_("may sign in"),
        "ended": N_("devices signed out"),
        "address": N_("from"),
        "language": N_("language"),
        "teams": N_("teams"),
        "routes": N_("routes"),
        "doors": N_("doors"),
        "rows": N_("rows"),
        "name": N_("name"),
        "before": N_("before"),
        "after": N_("after"),
        "fields": N_("fields"),
        "added": N_("added"),
        "changed": N_("changed"),
        "removed": N_("removed"),
        "valid_to": N_("valid to"),
        "person_id": N_("person"),
        "card_id": N_("card"),
        "title": N_("title"),
    },
    "outcome": {
        "met": N_("Met"),
        "not_home": N_("Not home"),
        "refused": N_("Refused"),
        "vacant": N_("House stands empty"),
        "no_entry": N_("Could not get in"),
        "moved_away": N_("Household moved away"),
        "not_found": N_("House not found"),
        "deferred": N_("Asked to come another day"),
    },
    "found": {
        "enrolled": N_("Enrolled today"),
        "has_card": N_("Has a card, seen"),
        "pledged": N_("Pledged"),
        "refused": N_("Refused"),
        "needs_support": N_("Needs support"),
        "away": N_("Away, still on the register"),
        "moved": N_("Moved out"),
        "deceased": N_("Deceased"),
    },
    "role": {
        "admin": N_("Administrator"),
        "supervisor": N_("Supervisor"),
        "leader": N_("Team leader"),
        "canvasser": N_("Canvasser"),
    },
}


def word(kind: str, code: str | None) -> str:
    """The word for a code; the code itself when a newer version wrote one that this one does not know."""
    if code is None:
        return "–"
    known = WORDS[kind].get(code)
    return code if known is None else str(gettext(known))


def words(kind: str) -> list[tuple[str, str]]:
    """All codes of a kind with their words."""
    return [(code, word(kind, code)) for code in WORDS[kind]]
