"""The words on screen for codes in the tables: one place for templates, spreadsheets and reports.

`word("status", "partly")` is the sentence in the reader's language; `words("reason")` all of a kind, in their order,
for lists to choose from. Every code of the enums has a word here (tests/webmap/test_words.py).
"""

from flask_babel import gettext

from webmap.errors import N_

WORDS: dict[str, dict[str, str]] = {
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
    "age": {
        "under_six": N_("Under 6"),
        "pupil": N_("6 to 17"),
        "student": N_("18 to 22"),
        "working": N_("23 to 59"),
        "elderly": N_("60 to 79"),
        "eldest": N_("80 and over"),
    },
    "finding": {
        "not_dwelling": N_("Not a dwelling"),
        "shed": N_("Shed"),
        "empty": N_("Empty house"),
    },
    "residency": {
        "living": N_("Living here"),
        "away": N_("Away, still on the register"),
        "moved_out": N_("Moved out"),
        "deceased": N_("Deceased"),
    },
    "measure": {
        "registered_rate": N_("Rate of the people on the register"),
        "living_rate": N_("Rate of the people living here"),
        "new_cards": N_("New health-insurance cards"),
        "new_social_insurance": N_("New members of voluntary social insurance"),
    },
    "place_source": {
        "surveyed": N_("Surveyed at the door"),
        "by_hand": N_("Placed on the map by hand"),
        "building": N_("Matched to a building"),
        "import": N_("From the file"),
    },
    "alley": {
        "main": N_("Main road"),
        "road": N_("Road"),
        "alley": N_("Alley"),
        "path": N_("Path"),
        "steps": N_("Steps"),
        "track": N_("Farm track"),
        "footway": N_("Pavement"),
        "bridge": N_("Footbridge"),
        "ferry": N_("Ferry"),
    },
    "map_layer": {
        "areas": N_("Areas"),
        "alleys": N_("Alleys"),
        "buildings": N_("Buildings"),
        "address_points": N_("House numbers"),
        "households": N_("Households"),
    },
    "map_file": {
        "gpkg": N_("GeoPackage with styles, for QGIS; may be edited and brought back"),
        "geojson": N_("GeoJSON"),
        "kml": N_("KML, for Google Earth"),
        "csv": N_("CSV, for spreadsheets"),
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
        "entry": N_("entry of a phone"),
        "source": N_("source"),
        "job": N_("job"),
        "map_import": N_("change of the map"),
        "map_file": N_("map file"),
    },
    "map_change": {
        "areas": N_("Areas from a file"),
        "streets": N_("Streets and buildings from a file"),
        "crosswalk": N_("Which area became which"),
        "reform": N_("Areas redrawn"),
        "households": N_("Places of households"),
        "edit": N_("Drawn by hand"),
    },
    "edit": {
        "add_alley": N_("Alley drawn"),
        "reshape_alley": N_("Alley moved"),
        "split_alley": N_("Alley split"),
        "join_alleys": N_("Alleys joined"),
        "meet_alleys": N_("Alleys made to meet"),
        "rename_alley": N_("Alley renamed"),
        "change_alley": N_("Alley changed"),
        "close_alley": N_("Alley closed"),
        "reopen_alley": N_("Alley opened again"),
        "remove_alley": N_("Alley taken away"),
        "add_building": N_("House drawn"),
        "remove_building": N_("House taken away"),
        "add_address_point": N_("House number added"),
        "remove_address_point": N_("House number taken away"),
        "draw_boundary": N_("Boundary drawn"),
    },
    "alley_kind": {
        "main": N_("Main road"),
        "road": N_("Road"),
        "alley": N_("Alley"),
        "path": N_("Path"),
        "steps": N_("Steps"),
        "track": N_("Field track"),
        "footway": N_("Pavement"),
        "bridge": N_("Footbridge"),
        "ferry": N_("Ferry"),
    },
    "alley_access": {
        "public": N_("Everybody may walk here"),
        "private": N_("Private: only to the doors on it"),
        "forbidden": N_("Forbidden: nobody walks here"),
    },
    "map_table": {
        "area": N_("Areas"),
        "area_parent": N_("Which area belongs to which"),
        "area_crosswalk": N_("Which area became which"),
        "alley": N_("Ways"),
        "building": N_("Buildings"),
        "address_point": N_("House numbers"),
        "terrain": N_("Rivers, canals and lakes"),
        "household": N_("Households"),
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
