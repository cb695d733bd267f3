"""Who may enter where: the table of tests/architecture/test_doors_are_closed.py. One line for each view.

    "households.show": Door(STAFF),                            the endpoint, and who may enter
    "areas.change": Door(ADMIN, form={"name": "x"}),           what to send, so that the view gets as far as the record
    "maps.tile": Door(EVERYBODY, is_about_a_record=False),     its parameters name no record of somebody's

When the address has a parameter that no other has, add one line in records.py to RECORDS (the record of Tân Ninh that
stands for it) or to OTHER_PARAMETERS (values that are nobody's record). Nothing else is to be written.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from tests.builders import PASSWORD
from webmap.accounts.rules import EVERYBODY, STAFF, Role

OPEN = None
ADMIN = {Role.ADMIN}
OVERSEERS = {Role.ADMIN, Role.SUPERVISOR}


@dataclass(frozen=True)
class Door:
    """Who may enter, and what to send to get as far as the record."""

    roles: Collection[Role] | None
    form: dict[str, Any] = field(default_factory=dict)
    json: dict[str, Any] | None = None
    query: dict[str, Any] = field(default_factory=dict)
    is_about_a_record: bool = True


NEW_ACCOUNT = {"username": "new-one", "full_name": "Người Mới", "role": "leader", "area_ids": "1"}
NEW_PASSWORD = {"old_password": PASSWORD, "new_password": "bốn con vịt xiêm", "again": "bốn con vịt xiêm"}

NEW_CAMPAIGN = {
    "name": "Đợt hè", "starts_on": "2026-01-01", "ends_on": "2026-06-30", "warning_days": "30", "class_bounds": "70 90",
}  # fmt: skip

A_UUID = "01936b3e-0000-7000-8000-00000000a11e"
A_LINE = "[[106.6105, 17.2605], [106.6115, 17.2605]]"
A_RING = "[[106.6105, 17.2605], [106.6107, 17.2605], [106.6107, 17.2607]]"
NEW_ALLEY = {"uuid": A_UUID, "coordinates": A_LINE}

NEW_DONATION = {"sponsor": "Agribank", "received_on": "2026-01-01", "cards": "5", "months": "12", "receivers": "anyone"}

DOORS: dict[str, Door] = {
    # files and words without any data
    "static": Door(OPEN, is_about_a_record=False),
    "ui": Door(OPEN),
    "language": Door(OPEN, is_about_a_record=False),
    # accounts
    "accounts.sign_in": Door(OPEN),
    "accounts.enter": Door(OPEN, form={"username": "leader", "password": PASSWORD}),
    "accounts.sign_out": Door(OPEN),
    "accounts.own": Door(EVERYBODY),
    "accounts.keep_language": Door(EVERYBODY, form={"language": "en"}),
    "accounts.change_password": Door(EVERYBODY, form=NEW_PASSWORD),
    "accounts.sign_out_everywhere": Door(EVERYBODY),
    "staff.index": Door(OVERSEERS),
    "staff.new": Door(ADMIN),
    "staff.add": Door(ADMIN, form=NEW_ACCOUNT),
    "staff.show": Door(ADMIN),
    "staff.change": Door(ADMIN, form=NEW_ACCOUNT),
    "staff.reset_password": Door(ADMIN),
    "staff.end_sign_ins": Door(ADMIN),
    "audit.index": Door(OVERSEERS),
    # the house itself
    "house.home": Door(EVERYBODY),
    "house.show": Door(EVERYBODY),
    "house.fragment": Door(EVERYBODY),
    "house.cancel": Door(EVERYBODY),
    "house.state": Door(EVERYBODY),
    "house.health": Door(OPEN),
    # households
    "households.households": Door(STAFF),
    "households.export": Door(STAFF, is_about_a_record=False),
    "households.unplaced": Door(STAFF),
    "households.household": Door(EVERYBODY),
    "households.card": Door(EVERYBODY),
    "households.by_number": Door(EVERYBODY),
    "premiums.quote": Door(EVERYBODY),
    "premiums.values": Door(STAFF),
    "premiums.add_base_salary": Door(ADMIN, form={"from_on": "2030-01-01", "amount_dong": "3000000", "decision": "x"}),
    "premiums.remove_base_salary": Door(ADMIN, form={"from_on": "2030-01-01"}),
    "premiums.add_share": Door(
        ADMIN, form={"category": "GD", "area_id": "1", "from_on": "2030-01-01", "percent": "10", "decision": "x"}
    ),
    "premiums.remove_share": Door(ADMIN),
    "donations.index": Door(STAFF),
    "donations.add": Door(STAFF, form={**NEW_DONATION, "area_id": "1"}, is_about_a_record=False),
    "donations.page": Door(STAFF),
    "donations.remove": Door(STAFF),
    "donations.confirm": Door(STAFF, form={"persons": A_UUID, "from_on": "2026-01-01"}),
    "donations.give_out": Door(STAFF, form={"allocations": A_UUID, "given_on": "2026-01-01"}),
    "donations.withdraw": Door(STAFF, form={"why": "x"}),
    "donations.receipts": Door(STAFF),
    "pledges.page": Door(STAFF),
    "pledges.export": Door(STAFF),
    "households.change": Door(STAFF, form={"version": "1"}),
    "households.place_by_form": Door(STAFF, form={"lon": "106.611", "lat": "17.26"}),
    "households.place": Door(STAFF, json={"lon": 106.611, "lat": 17.26}),
    "households.new_household": Door(STAFF, form={"area_id": "1"}),
    "households.new_person": Door(STAFF, form={"full_name": "Người Mới"}),
    "households.person": Door(STAFF, form={"full_name": "Người Mới", "version": "1"}),
    "households.new_card": Door(STAFF, form={"category": "GD", "valid_from": "01/01/2026"}),
    "households.drop_card": Door(STAFF),
    "households.addresses": Door(STAFF),
    "households.decide_address": Door(STAFF, form={"decision": "not_found", "area": "1"}),
    "households.place_certain_addresses": Door(STAFF, form={"area": "1"}),
    "households.look_again_for_addresses": Door(STAFF, form={"area": "1"}),
    "households.buildings": Door(STAFF),
    "households.building_card": Door(STAFF),
    "households.say_of_building": Door(STAFF, form={"finding": "shed", "area": "1"}),
    "households.take_back_finding": Door(STAFF),
    "households.household_of_building": Door(STAFF),
    "households.imports": Door(STAFF),
    "households.upload": Door(STAFF, form={"purpose": "campaign", "legal_basis": "task"}),
    "households.import_run": Door(STAFF),
    "households.import_sheet": Door(STAFF, form={"sheet": ""}),
    "households.import_check": Door(STAFF, form={"column-0": "household_code", "column-1": "full_name"}),
    "households.import_apply": Door(STAFF),
    "households.import_villages": Door(STAFF),
    "households.import_drop": Door(STAFF),
    "households.import_refusals": Door(STAFF),
    # rolls of the insurance agency
    "roll.index": Door(STAFF),
    "roll.upload": Door(STAFF, form={"purpose": "campaign", "legal_basis": "task", "listed_on": "2026-01-01"}),
    "roll.show": Door(STAFF),
    "roll.point_at": Door(STAFF, form={"sheet": ""}),
    "roll.check": Door(STAFF, form={"column-0": "insurance_code", "column-1": "full_name"}),
    "roll.apply": Door(STAFF),
    "roll.undo": Door(STAFF),
    "roll.drop": Door(STAFF),
    "roll.rows": Door(STAFF),
    "roll.refusals": Door(STAFF),
    "roll.review": Door(STAFF),
    "roll.choose": Door(STAFF, form={"row_number": "2"}),
    "roll.unchoose": Door(STAFF, form={"row_number": "2"}),
    # planning
    "planning.index": Door(STAFF),
    "planning.new": Door(STAFF),
    "planning.add_team": Door(STAFF, form={"area_id": "1", "name": "Tổ Phụ nữ"}),
    "planning.add": Door(STAFF, form={"areas": "1", "teams": "2"}),
    "planning.show": Door(STAFF),
    "planning.drawing": Door(STAFF),
    "planning.assign": Door(STAFF),
    "planning.change": Door(STAFF),
    # areas and map files
    "deeds.show": Door(OVERSEERS),
    "deeds.rename": Door(OVERSEERS, form={"name": "x", "on": "2024-01-01"}),
    "deeds.move": Door(OVERSEERS, form={"parent_id": "1", "on": "2024-01-01"}),
    "deeds.merge": Door(OVERSEERS, form={"into_id": "1", "on": "2024-01-01"}),
    "deeds.split": Door(OVERSEERS, form={"name": "x", "alleys": "y", "on": "2024-01-01"}),
    "reform.show": Door(OVERSEERS),
    "reform.apply": Door(OVERSEERS, form={"mark": "x"}),
    "areas.tree": Door(STAFF),
    "areas.page": Door(STAFF),
    "areas.boundary": Door(STAFF),
    "areas.add_below": Door(STAFF, form={"name": "Thế Lộc"}),
    "areas.rename": Door(OVERSEERS, form={"name": "Tân Ninh mới"}),
    "areas.close": Door(OVERSEERS, form={"valid_to": "2027-01-01"}),
    # exports
    "exports.ask": Door(STAFF),
    "exports.begin": Door(STAFF, form={"layers": "areas", "kind": "gpkg"}),
    "exports.made": Door(STAFF, is_about_a_record=False),  # a job's file, for whoever had it made
    "exports.fetch": Door(STAFF, is_about_a_record=False),
    # editing the map by hand
    "editor.page": Door(STAFF),
    "editor.alley": Door(STAFF),
    "editor.shapes": Door(STAFF, query={"bbox": "106.6,17.2,106.7,17.3"}),
    "editor.outline": Door(STAFF),
    "editor.gaps": Door(STAFF),
    "editor.tracks": Door(STAFF),
    "editing.add_alley": Door(STAFF, form=NEW_ALLEY),
    "editing.reshape": Door(STAFF, form={"version": "x", "coordinates": A_LINE}),
    "editing.split": Door(STAFF, form={"version": "x", "lon": "106.61", "lat": "17.26"}),
    "editing.join": Door(STAFF, form={"version": "x", "other": A_UUID, "other_version": "x"}),
    "editing.meet": Door(STAFF, form={"uuid": A_UUID, "other": A_UUID}),
    "editing.change_details": Door(STAFF, form={"version": "x", "kind": "alley"}),
    "editing.close": Door(STAFF, form={"version": "x", "closed_on": "2026-01-01"}),
    "editing.reopen": Door(STAFF, form={"version": "x"}),
    "editing.remove": Door(STAFF, form={"version": "x"}),
    "outlines.add_building": Door(STAFF, form={"uuid": A_UUID, "coordinates": A_RING}),
    "outlines.reshape_building": Door(STAFF, form={"version": "x", "coordinates": A_RING}),
    "outlines.remove_building": Door(STAFF, form={"version": "x"}),
    "editing.add_address_point": Door(
        STAFF, form={"uuid": A_UUID, "lon": "106.61", "lat": "17.26", "house_number": "7"}
    ),
    "editing.move_address_point": Door(STAFF, form={"version": "x", "lon": "106.61", "lat": "17.26"}),
    "editing.remove_address_point": Door(STAFF, form={"version": "x"}),
    "editing.draw_boundary": Door(STAFF, form={"version": "x", "coordinates": A_RING}),
    "editing.not_a_gap": Door(STAFF, form={"coordinates": A_LINE}),
    "editing.ask_again": Door(STAFF),
    "outlines.take_back": Door(STAFF),
    # campaigns
    "campaigns.page": Door(STAFF),
    "campaigns.begin": Door(OVERSEERS, form=NEW_CAMPAIGN),
    "campaigns.change": Door(OVERSEERS, form=NEW_CAMPAIGN),
    "campaigns.add_milestone": Door(OVERSEERS, form={"due_on": "2026-05-31", "measure": "living_rate", "value": "97"}),
    "campaigns.remove_milestone": Door(OVERSEERS),
    "board.board": Door(STAFF),
    "board.show": Door(STAFF),
    "board.note_figure": Door(STAFF, form={"measure": "target", "dated_on": "2022-12-31", "value": "9", "source": "x"}),
    "board.note_meeting": Door(STAFF, form={"held_on": "2023-01-01", "topic": "x", "attendances": "9"}),
    "board.note_gift": Door(STAFF, form={"given_on": "2023-01-01", "what": "x", "sponsor": "y", "pieces": "9"}),
    "board.take_away": Door(STAFF),
    "reports.coverage_map": Door(OVERSEERS),
    "mapfiles.choose": Door(OVERSEERS),
    "mapfiles.upload": Door(OVERSEERS),
    # files belong to who uploaded them: tests/webmap/mapfiles/test_views.py asks for somebody else's
    "mapfiles.look": Door(OVERSEERS, is_about_a_record=False),
    "mapfiles.ask": Door(OVERSEERS, is_about_a_record=False),
    "mapfiles.remove": Door(OVERSEERS, is_about_a_record=False),
    "mapfiles.result": Door(OVERSEERS),
    "map_preview.show": Door(OVERSEERS, is_about_a_record=False),
    "map_preview.tile": Door(OVERSEERS, is_about_a_record=False),
    "map_preview.picture": Door(OVERSEERS, is_about_a_record=False),
    "map_preview.refused": Door(OVERSEERS, is_about_a_record=False),
    "map_preview.repair": Door(OVERSEERS, is_about_a_record=False),
    "map_preview.match": Door(OVERSEERS, is_about_a_record=False),
    "map_preview.apply": Door(OVERSEERS, is_about_a_record=False),
    "map_history.index": Door(OVERSEERS),
    "map_history.show": Door(OVERSEERS),
    "map_history.take_back": Door(OVERSEERS),
    # visits
    "visits.index": Door(EVERYBODY),
    "visits.walk": Door(EVERYBODY),
    "visits.snapshot": Door(EVERYBODY),
    # a phone is always answered: what is not hers to see is set aside raw, and tells nothing
    "visits.keep": Door(EVERYBODY, json={}, is_about_a_record=False),
    "visits.household_history": Door(STAFF),
    "visits.set_aside": Door(STAFF),
    "visits.settle": Door(STAFF),
    # the ledger and the work lists
    "ledger.sheet": Door(STAFF),
    "ledger.sheet_file": Door(STAFF),
    "ledger.people": Door(STAFF),
    "ledger.people_file": Door(STAFF),
    "work.page": Door(STAFF),
    "work.sheet": Door(STAFF),
    "work.file": Door(STAFF),
    # maps
    "maps.page": Door(STAFF),
    "maps.side": Door(STAFF),
    "maps.sources": Door(STAFF, query={"bbox": "106,17,107,18"}),
    "maps.matches": Door(STAFF, query={"q": "dao"}),
    "maps.door": Door(STAFF),
    "maps.basemap": Door(STAFF, is_about_a_record=False),
    "tiles.tile": Door(EVERYBODY, is_about_a_record=False),
}
