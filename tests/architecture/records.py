"""The records of Tân Ninh that stand for the parameters of addresses: see tests/architecture/doors.py."""

from collections.abc import Callable
from typing import Any

from geoalchemy2 import WKTElement
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.architecture.every_table import a_donated_card
from tests.builders import Member, Village, a_card, a_job, people_of
from webmap import clock
from webmap.areas.map_imports import noting
from webmap.areas.models import Area, Source
from webmap.campaigns.models import Campaign, Meeting, Milestone
from webmap.database.base import Base
from webmap.households.importing.fields import Field
from webmap.households.importing.grouping import Way
from webmap.households.importing.models import HouseholdImport
from webmap.households.importing.reading import Layout
from webmap.ids import uuid7
from webmap.roll.models import RollImport
from webmap.streets.edits import by_hand
from webmap.streets.models import AddressPoint, Alley, Building, BuildingFinding, NotAGap
from webmap.support.models import Allocation, PremiumShare
from webmap.visits.models import QuarantinedEntry


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


def a_meeting(session: Session, village: Village) -> Meeting:
    """People of the commune came together."""
    new = Meeting(area_id=village.commune_id, held_on=clock.today(), topic="BHYT", attendances=30)
    session.add(new)
    session.flush()
    return new


def a_roll(session: Session, village: Village) -> RollImport:
    """A roll of the commune whose headings wait to be confirmed."""
    content = "Mã số BHXH,Họ tên\n4412345678,Nguyễn Văn Đào\n".encode()
    columns = {0: Field.INSURANCE_CODE, 1: Field.FULL_NAME}
    layout = Layout("", 1, 2, ("Mã số BHXH", "Họ tên"), columns, Way.CODE)
    new = RollImport(
        id=uuid7(), area_id=village.commune_id, account_id=village.leader.id, file_name="danh sách.csv", sha256="0",
        content=content, purpose="campaign", legal_basis="task", mapping=layout.as_json(), listed_on=clock.today(),
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


def a_share(session: Session, village: Village) -> int:
    """What the commune pays of premiums."""
    new = PremiumShare(
        category="GD", area_id=village.commune_id, from_on=clock.today(), local_percent=10, decision="NQ 1/HĐND"
    )
    session.add(new)
    session.flush()
    return new.id


def a_gift(session: Session, village: Village) -> Allocation:
    """A card that a sponsor of the commune gave."""
    known = session.scalar(select(Allocation).limit(1))
    return known or a_donated_card(session, village.leader, village.commune_id, village.households[1])


# Parameters that name a record: the one of Tân Ninh that stands for it. `asking` is who sends the request.
RECORDS: dict[str, Callable[[Session, Village, Member], object]] = {
    "account_id": lambda _s, village, _a: village.canvasser.id,
    "area_id": lambda _s, village, _a: village.commune_id,
    "household_id": lambda _s, village, _a: village.household.id,
    "person_id": lambda session, village, _a: people_of(session, village.household)[0].id,
    "plan_id": lambda _s, village, _a: village.plan.id,
    "route_id": lambda _s, village, _a: village.route.id,
    "card_id": lambda session, village, _a: a_card(session, people_of(session, village.household)[0]).id,
    "roll_id": lambda session, village, _a: a_roll(session, village).id,
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
    "record_id": lambda session, village, _a: a_meeting(session, village).id,
    "campaign_id": lambda session, village, _a: a_milestone(session, village).campaign_id,
    "building_id": lambda session, _v, _a: a_building(session),
    "finding_id": lambda session, _v, _a: a_finding(session),
    "share_id": lambda session, village, _a: a_share(session, village),
    "donation_id": lambda session, village, _a: a_gift(session, village).donation_id,
    "allocation_id": lambda session, village, _a: a_gift(session, village).id,
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
    "line": "covered",  # of the ledger
    "what": "publish",  # what is to be done with a plan
    "file_id": "018f0000-0000-4000-8000-00000000dead",  # a map file somebody uploaded
    "record_kind": "meeting",
    "name": "households",  # a layer of tiles, or an operator's basemap
    "z": 15,
    "verdict": "same",  # of rows of a roll
    "x": 26088,  # the tile of Hữu Tân's houses
    "y": 14788,
}
