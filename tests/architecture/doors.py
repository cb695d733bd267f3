"""Who may enter where: the table of tests/architecture/test_doors_are_closed.py. One line for each view.

    "households.show": Door(STAFF),                            the endpoint, and who may enter
    "areas.change": Door(ADMIN, form={"name": "x"}),           what to send, so that the view gets as far as the record
    "maps.tile": Door(EVERYBODY, is_about_a_record=False),     its parameters name no record of somebody's

When the address has a parameter that no other has, add one line to RECORDS (the record of Tân Ninh that stands for it)
or to OTHER_PARAMETERS (values that are nobody's record). Nothing else is to be written.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from geoalchemy2 import WKTElement
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.builders import PASSWORD, Member, Village, a_card, a_job, people_of
from webmap import clock
from webmap.accounts.rules import EVERYBODY, STAFF, Role
from webmap.areas.map_imports import noting
from webmap.areas.models import Area, Source
from webmap.campaigns.models import Campaign, Milestone
from webmap.database.base import Base
from webmap.households.importing.fields import Field
from webmap.households.importing.grouping import Way
from webmap.households.importing.models import HouseholdImport
from webmap.households.importing.reading import Layout
from webmap.ids import uuid7
from webmap.streets.edits import by_hand
from webmap.streets.models import AddressPoint, Alley, Building, BuildingFinding, NotAGap
from webmap.visits.models import QuarantinedEntry

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
    "editing.add_alley": Door(STAFF, form=NEW_ALLEY),
    "editing.reshape": Door(STAFF, form={"version": "x", "coordinates": A_LINE}),
    "editing.split": Door(STAFF, form={"version": "x", "lon": "106.61", "lat": "17.26"}),
    "editing.join": Door(STAFF, form={"version": "x", "other": A_UUID, "other_version": "x"}),
    "editing.meet": Door(STAFF, form={"uuid": A_UUID, "other": A_UUID}),
    "editing.change_details": Door(STAFF, form={"version": "x", "kind": "alley"}),
    "editing.close": Door(STAFF, form={"version": "x", "closed_on": "2026-01-01"}),
    "editing.reopen": Door(STAFF, form={"version": "x"}),
    "editing.remove": Door(STAFF, form={"version": "x"}),
    "editing.add_building": Door(STAFF, form={"uuid": A_UUID, "coordinates": A_RING}),
    "editing.remove_building": Door(STAFF, form={"version": "x"}),
    "editing.add_address_point": Door(
        STAFF, form={"uuid": A_UUID, "lon": "106.61", "lat": "17.26", "house_number": "7"}
    ),
    "editing.remove_address_point": Door(STAFF, form={"version": "x"}),
    "editing.draw_boundary": Door(STAFF, form={"version": "x", "coordinates": A_RING}),
    "editing.not_a_gap": Door(STAFF, form={"coordinates": A_LINE}),
    "editing.ask_again": Door(STAFF),
    "editing.take_back": Door(STAFF),
    # campaigns
    "campaigns.page": Door(STAFF),
    "campaigns.begin": Door(OVERSEERS, form=NEW_CAMPAIGN),
    "campaigns.change": Door(OVERSEERS, form=NEW_CAMPAIGN),
    "campaigns.add_milestone": Door(OVERSEERS, form={"due_on": "2026-05-31", "measure": "living_rate", "value": "97"}),
    "campaigns.remove_milestone": Door(OVERSEERS),
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
    # maps
    "maps.page": Door(STAFF),
    "maps.side": Door(STAFF),
    "maps.sources": Door(STAFF, query={"bbox": "106,17,107,18"}),
    "maps.matches": Door(STAFF, query={"q": "dao"}),
    "maps.door": Door(STAFF),
    "maps.basemap": Door(STAFF, is_about_a_record=False),
    "tiles.tile": Door(EVERYBODY, is_about_a_record=False),
}


def at_home(village: Village, asking: Member) -> Member:
    """Who asks, or for somebody from elsewhere: the leader, whose things are not his."""
    return asking if asking.scope.area_ids & {village.commune_id, village.province_id} else village.leader


def an_import(session: Session, village: Village) -> HouseholdImport:
    """A file of the commune whose headings wait to be confirmed."""
    content = "Mã hộ,Họ tên\nHT-1,Nguyễn Văn Đào\n".encode()
    layout = Layout(
        "", 1, 2, ("Mã hộ", "Họ tên"), {0: Field.HOUSEHOLD_CODE, 1: Field.FULL_NAME}, Way.CODE, list_on=clock.today()
    )
    new = HouseholdImport(
        id=uuid7(), area_id=village.commune_id, account_id=village.leader.id, file_name="danh sách.csv", sha256="0",
        content=content, purpose="campaign", legal_basis="task", mapping=layout.as_json(),
    )  # fmt: skip
    session.add(new)
    session.flush()
    return new


def a_change(session: Session, village: Village) -> object:
    """The name of Tân Ninh was changed, and that can be undone."""
    with noting(session, village.leader.scope, "edit", "Tân Ninh", area_id=village.commune_id) as change:
        session.execute(update(Area).where(Area.id == village.commune_id).values(population=Area.id))
    return change.id


def drawn(session: Session, table: type[Base], **shape: str) -> Any:
    """Something on the map of Tân Ninh, drawn by hand."""
    values: dict[str, Any] = {
        name: WKTElement(value, srid=4326) if "(" in value else value for name, value in shape.items()
    }
    if table is not NotAGap:
        values["source_id"] = by_hand(session)
    made = table(**({"kind": "alley"} if table is Alley else {}), **values)
    session.add(made)
    session.flush()
    session.refresh(made)
    return made


def an_entry(session: Session, village: Village) -> int:
    """Something that a phone of the commune sent and that could not be kept as a visit."""
    entry = QuarantinedEntry(
        entry_id="1", account_id=village.canvasser.id, code="invalid", content_sha256=uuid7().hex, body=b"{}"
    )
    session.add(entry)
    session.flush()
    return entry.id


def a_building(session: Session) -> int:
    """A building beside the houses of Hữu Tân, in which nobody is known to live."""
    source = Source(name="streets", kind="streets")
    session.add(source)
    session.flush()
    outline = WKTElement("POLYGON((106.62 17.26,106.6201 17.26,106.6201 17.2601,106.62 17.26))", srid=4326)
    new = Building(source_id=source.id, outline=outline)
    session.add(new)
    session.flush()
    return new.id


def a_finding(session: Session) -> int:
    """What somebody said of a building there."""
    new = BuildingFinding(finding="shed", point=WKTElement("POINT(106.62 17.26)", srid=4326))
    session.add(new)
    session.flush()
    return new.id


def a_milestone(session: Session, village: Village) -> Milestone:
    """What the commune's campaign aims at."""
    day = clock.today()
    campaign = Campaign(area_id=village.commune_id, name="Đợt xuân", starts_on=day, ends_on=day)
    session.add(campaign)
    session.flush()
    new = Milestone(campaign_id=campaign.id, due_on=day, measure="living_rate", value=97)
    session.add(new)
    session.flush()
    return new


# Parameters that name a record: the one of Tân Ninh that stands for it. `asking` is who sends the request.
RECORDS: dict[str, Callable[[Session, Village, Member], object]] = {
    "account_id": lambda _s, village, _a: village.canvasser.id,
    "area_id": lambda _s, village, _a: village.commune_id,
    "household_id": lambda _s, village, _a: village.household.id,
    "person_id": lambda session, village, _a: people_of(session, village.household)[0].id,
    "plan_id": lambda _s, village, _a: village.plan.id,
    "route_id": lambda _s, village, _a: village.route.id,
    "card_id": lambda session, village, _a: a_card(session, people_of(session, village.household)[0]).id,
    "import_id": lambda session, village, _a: an_import(session, village).id,
    "change_id": lambda session, village, _a: a_change(session, village),
    "alley_uuid": lambda session, _v, _a: drawn(session, Alley, line="LINESTRING(106.611 17.261, 106.612 17.262)").uuid,
    "building_uuid": lambda session, _v, _a: (
        drawn(
            session, Building, outline="POLYGON((106.611 17.261, 106.6112 17.261, 106.6112 17.2612, 106.611 17.261))"
        ).uuid
    ),
    "address_uuid": lambda session, _v, _a: (
        drawn(session, AddressPoint, point="POINT(106.611 17.261)", house_number="7").uuid
    ),
    "not_a_gap_id": lambda session, _v, _a: (
        drawn(session, NotAGap, line="LINESTRING(106.611 17.261, 106.612 17.262)").id
    ),
    "number": lambda _s, village, _a: village.household.number,
    "entry": lambda session, village, _a: an_entry(session, village),
    "campaign_id": lambda session, village, _a: a_milestone(session, village).campaign_id,
    "building_id": lambda session, _v, _a: a_building(session),
    "finding_id": lambda session, _v, _a: a_finding(session),
    "milestone_id": lambda session, village, _a: a_milestone(session, village).id,
    "job_id": lambda session, village, asking: (
        a_job(session, at_home(village, asking), "apply map file", facts={"order": {}}).id
    ),
}

# Parameters that are nobody's record.
OTHER_PARAMETERS: dict[str, object] = {
    "kind": "csv",  # of a file to download
    "visit_id": "01936b3e-0000-7000-8000-000000000001",  # made on the phone
    "filename": "icon.svg",
    "code": "vi",
    "what": "publish",  # what is to be done with a plan
    "file_id": "018f0000-0000-4000-8000-00000000dead",  # a map file somebody uploaded
    "name": "households",  # a layer of tiles, or an operator's basemap
    "z": 15,
    "x": 26088,  # the tile of Hữu Tân's houses
    "y": 14788,
}
