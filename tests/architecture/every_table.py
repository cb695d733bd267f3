"""Rows in every table with row-level security, of Tân Ninh and of its neighbour, beyond what the small world has."""

from datetime import timedelta

from sqlalchemy import text, update
from sqlalchemy.orm import Session

from tests.builders import Member, Village, a_card, a_household, a_job, people_of
from webmap import audit, clock
from webmap.accounts.models import LoginAttempt, LoginSession
from webmap.accounts.scope import Scope
from webmap.areas.map_imports import noting
from webmap.areas.models import Area, HouseholdMove
from webmap.campaigns.models import Gift, Meeting, OfficialFigure, Team, TeamMember
from webmap.coverage import service as coverage
from webmap.coverage.models import AreaDay
from webmap.database.engine import reading
from webmap.households.importing.models import HeadingMapping, HouseholdImport, HouseholdImportRow
from webmap.households.models import Household
from webmap.ids import uuid7
from webmap.mapfiles.models import MapFile, MapPreviewFeature
from webmap.planning.models import Route
from webmap.roll.models import RollCandidate, RollChange, RollChoice, RollImport, RollRow
from webmap.support.models import Allocation, Donation, Sponsor
from webmap.visits.models import QuarantinedEntry, Visit, VisitPerson

OF_HOUSEHOLDS = (
    "household", "person", "card", "visit", "visit_person", "stop", "household_import", "household_import_row",
    "person_past", "card_past", "roll_import", "roll_row", "roll_candidate", "roll_choice", "roll_change",
    "sponsor", "donation", "allocation",
)  # fmt: skip


def fill(session: Session, village: Village) -> None:
    """One row more in every table, for both communes."""
    coverage.fold(session)  # figures of areas and cells
    for area_id in (village.id, village.neighbour_id):
        a_household(session, area_id, "X-1", living_count=1, registered_count=1)  # and some not yet added up
    home, away = village.members["canvasser"], village.members["strange_canvasser"]
    a_visit(session, village.household, home, village.route)
    a_visit(session, village.neighbour_households[0], away, village.neighbour_route)
    for leader, walker, area_id in (
        (village.leader, home, village.commune_id),
        (village.stranger, away, village.neighbour_commune_id),
    ):
        an_import(session, leader, area_id)
        a_team(session, walker, area_id)
        traces_of_work(session, leader, area_id)
    for household in (village.household, village.neighbour_households[0]):
        place = {"from_area_id": household.area_id, "to_area_id": household.area_id}
        written_beside(session, household.area_id)
        session.add(HouseholdMove(household_id=household.id, moved_on=clock.today(), **place))
        something_learned(session, household)
        a_roll(session, village.leader, household)
        a_donated_card(session, village.leader, household.area_id, household)
    session.flush()


def a_visit(session: Session, household: Household, walker: Member, route: Route) -> Visit:
    visit = Visit(
        id=uuid7(),
        household_id=household.id,
        area_id=household.area_id,
        account_id=walker.id,
        route_id=route.id,
        outcome="met",
        happened_at=clock.now(),
        content_sha256="0" * 64,
    )
    session.add(visit)
    session.flush()
    person = people_of(session, household)[0]
    session.add(VisitPerson(visit_id=visit.id, person_id=person.id, outcome="has_card"))
    session.add(QuarantinedEntry(account_id=walker.id, code="not_understood", content_sha256="0" * 64, body=b"{}"))
    session.flush()
    return visit


def something_learned(session: Session, household: Household) -> None:
    """A person and her card become known to be otherwise than they were since yesterday."""
    person = people_of(session, household)[0]
    card = a_card(session, person)
    person.known_from = card.known_from = clock.now() - timedelta(days=1)
    session.flush()
    person.next_step_on = clock.today()
    card.number = "GD4444444444444"
    session.flush()


def a_roll(session: Session, leader: Member, household: Household) -> None:
    """A roll with a row that waits for a choice, one that was made, and what was changed."""
    person = people_of(session, household)[0]
    roll = RollImport(
        id=uuid7(), area_id=household.area_id, account_id=leader.id, file_name="danh sách.xlsx", sha256="0" * 64,
        purpose="coverage", legal_basis="task", listed_on=clock.today(),
    )  # fmt: skip
    session.add(roll)
    session.flush()
    session.add(RollRow(import_id=roll.id, row_number=2, full_name=person.full_name, verdict="doubtful"))
    session.flush()
    session.add(RollCandidate(import_id=roll.id, row_number=2, person_id=person.id, confidence=0.5))
    session.add(RollChoice(area_id=household.area_id, identity="0", person_id=person.id, chosen_by=leader.id))
    session.add(RollChange(import_id=roll.id, table_name="person", row_id=person.id, deed="changed"))


def written_beside(session: Session, area_id: int) -> None:
    """What is known of an area beside its register."""
    day = clock.today()
    counts = dict.fromkeys(("households", "registered", "living", "covered", "living_covered"), 1)
    session.add(AreaDay(area_id=area_id, day=day, **counts))
    session.add(OfficialFigure(area_id=area_id, measure="target", dated_on=day, value=9, source="Báo cáo 12"))
    session.add(Meeting(area_id=area_id, held_on=day, topic="BHYT", attendances=30))
    session.add(Gift(area_id=area_id, given_on=day, what="Phiếu mua hàng", sponsor="Hợp tác xã", pieces=3))


def a_donated_card(session: Session, leader: Member, area_id: int, household: Household) -> Allocation:
    """A sponsor, the donation, and one card of it for the last of a household."""
    day = clock.today()
    sponsor = Sponsor(area_id=area_id, name="Hội Chữ thập đỏ")
    session.add(sponsor)
    session.flush()
    donation = Donation(
        sponsor_id=sponsor.id, area_id=area_id, received_on=day, cards=2, months=12, receivers="anyone",
        created_by=leader.id,
    )  # fmt: skip
    session.add(donation)
    session.flush()
    card = Allocation(
        id=uuid7(), donation_id=donation.id, person_id=people_of(session, household)[-1].id, from_on=day,
        to_on=day + timedelta(days=364), amount_dong=1_263_600, confirmed_by=leader.id,
    )  # fmt: skip
    session.add(card)
    session.flush()
    return card


def an_import(session: Session, leader: Member, area_id: int) -> None:
    run = HouseholdImport(
        id=uuid7(),
        area_id=area_id,
        account_id=leader.id,
        file_name="danh sách.xlsx",
        sha256="0" * 64,
        purpose="coverage",
        legal_basis="law",
    )
    session.add(run)
    session.flush()
    session.add(HouseholdImportRow(import_id=run.id, row_number=2, verdict="add", given={"Họ tên": "Nguyễn Văn Đào"}))
    session.add(HeadingMapping(signature="họ tên", area_id=area_id, mapping={}, confirmed_by=leader.id))


def a_team(session: Session, walker: Member, area_id: int) -> None:
    team = Team(area_id=area_id, name="Hội Phụ nữ")
    session.add(team)
    session.flush()
    session.add(TeamMember(team_id=team.id, account_id=walker.id))


def traces_of_work(session: Session, leader: Member, area_id: int) -> None:
    session.add(LoginSession(id=uuid7(), account_id=leader.id, expires_at=clock.now()))
    session.add(LoginAttempt(username=leader.username, address="192.0.2.1", has_succeeded=True))
    a_job(session, leader, area_id=area_id)
    audit.record(session, leader.scope, "count doors", "area", area_id, area_id=area_id)
    file = MapFile(id=uuid7(), account_id=leader.id, name="thôn.geojson", bytes=1)
    session.add(file)
    session.flush()
    session.add(MapPreviewFeature(file_id=file.id, id=1, layer="x", what="area", state="new"))
    with noting(session, leader.scope, "edit", "Tân Ninh", area_id=area_id):
        session.execute(update(Area).where(Area.id == area_id).values(population=Area.id))


def visible(table: str, scope: Scope) -> set[str]:
    """Places of the rows that a query without any filter of ours returns."""
    with reading(scope) as session:
        return set(session.scalars(text(f"select ctid::text from {table}")))
