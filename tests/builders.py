"""A small true-to-life world for tests, and one-line builders for what a test wants to add to it.

    Quảng Bình (province)
      Tân Ninh (commune)        Hữu Tân (village): 3 households     Quảng Xá (village): 2 households
      Hàm Ninh (commune)        Trần Xá (village): 2 households     Hàm Hòa (village): 1 household

`village = Village.built(session)` makes it: people, cards, everybody's account, and a published plan of Tân Ninh whose
one route takes `canvasser` past the first two households of Hữu Tân. `stranger` is the leader of Hàm Ninh, the
neighbour commune: nothing of Tân Ninh exists for her. `counter` has Tân Ninh without the right to see persons.

    sign_in(session, client, village.leader.id)     (tests.clients) a browser that carries her sign-in
    a_household(session, village.id, code="HT-9")   one more household; likewise `a_person`, `a_card`, `an_account`
    a_job(session, village.leader)                  a job in line

Rows are laid directly, with derived columns that fit the cards; nothing here goes through the code under test.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from geoalchemy2 import WKTElement
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webmap import clock
from webmap.accounts.models import Account, AccountArea
from webmap.accounts.passwords import hashed
from webmap.accounts.scope import Scope
from webmap.areas.models import Area, AreaParent
from webmap.households.models import Card, Household, Person
from webmap.ids import uuid7
from webmap.jobs import Job
from webmap.planning.models import Plan, Route, RouteMember, Stop

PASSWORD = "ngõ nhỏ phố nhỏ"
LEVELS = {"country": 1, "province": 2, "district": 3, "commune": 4, "village": 5}
STEP = 0.001  # degrees between two houses, some 110 metres


@cache
def password_hash() -> str:
    """PASSWORD as it is kept; hashed once, for it takes a while."""
    return hashed(PASSWORD)


@dataclass(frozen=True, slots=True)
class Member:
    """An account of the world, with the scope it has."""

    id: UUID
    username: str
    scope: Scope


@dataclass
class Village:
    """The world. `id`, `household`, `households`, `person` are those of its first village, Hữu Tân."""

    province_id: int
    commune_id: int
    id: int
    second_id: int
    neighbour_commune_id: int
    neighbour_id: int
    neighbour_second_id: int
    households: list[Household] = field(default_factory=list)
    second_households: list[Household] = field(default_factory=list)
    neighbour_households: list[Household] = field(default_factory=list)
    members: dict[str, Member] = field(default_factory=dict)
    plan: Plan = field(init=False)
    route: Route = field(init=False)
    neighbour_plan: Plan = field(init=False)
    neighbour_route: Route = field(init=False)

    @classmethod
    def built(cls, session: Session) -> "Village":
        """Lay the whole world."""
        village = cls(*the_areas(session))
        for area_id, prefix, many, kept in (
            (village.id, "HT", 3, village.households),
            (village.second_id, "QX", 2, village.second_households),
            (village.neighbour_id, "TX", 2, village.neighbour_households),
            (village.neighbour_second_id, "HH", 1, village.neighbour_households),
        ):
            kept.extend(a_family(session, area_id, f"{prefix}-{n}", n) for n in range(1, many + 1))
        for name, role, area_id in (
            ("admin", "admin", village.province_id),
            ("supervisor", "supervisor", village.province_id),
            ("leader", "leader", village.commune_id),
            ("canvasser", "canvasser", village.commune_id),
            ("stranger", "leader", village.neighbour_commune_id),
            ("strange_canvasser", "canvasser", village.neighbour_commune_id),
        ):
            village.members[name] = an_account(session, name.replace("_", "-"), role, area_id)
        village.members["counter"] = an_account(
            session, "counter", "supervisor", village.commune_id, sees_persons=False
        )
        village.plan, village.route = a_published_plan(
            session, village.commune_id, village.leader, village.canvasser, village.households[:2]
        )
        village.neighbour_plan, village.neighbour_route = a_published_plan(
            session,
            village.neighbour_commune_id,
            village.stranger,
            village.members["strange_canvasser"],
            village.neighbour_households,
        )
        return village

    @property
    def household(self) -> Household:
        return self.households[0]

    @property
    def admin(self) -> Member:
        return self.members["admin"]

    @property
    def supervisor(self) -> Member:
        return self.members["supervisor"]

    @property
    def leader(self) -> Member:
        return self.members["leader"]

    @property
    def canvasser(self) -> Member:
        return self.members["canvasser"]

    @property
    def stranger(self) -> Member:
        return self.members["stranger"]

    @property
    def counter(self) -> Member:
        return self.members["counter"]


def people_of(session: Session, household: Household) -> list[Person]:
    """The persons of a household, head first."""
    found = select(Person).where(Person.household_id == household.id).order_by(Person.is_head.desc(), Person.id)
    return list(session.scalars(found))


def the_areas(session: Session) -> tuple[int, ...]:
    """The tree of the world: province, commune, its two villages, neighbour commune, its two villages."""
    province = an_area(session, "44", "Quảng Bình", "province", None, box=(106.60, 17.20, 106.70, 17.30))
    commune = an_area(session, "19207", "Tân Ninh", "commune", province, box=(106.60, 17.20, 106.64, 17.30))
    first = an_area(session, "1920701", "Hữu Tân", "village", commune, box=(106.60, 17.25, 106.64, 17.30))
    second = an_area(session, "1920702", "Quảng Xá", "village", commune, box=(106.60, 17.20, 106.64, 17.25))
    neighbour = an_area(session, "19210", "Hàm Ninh", "commune", province, box=(106.64, 17.20, 106.70, 17.30))
    third = an_area(session, "1921001", "Trần Xá", "village", neighbour, box=(106.64, 17.25, 106.70, 17.30))
    fourth = an_area(session, "1921002", "Hàm Hòa", "village", neighbour, box=(106.64, 17.20, 106.70, 17.25))
    session.execute(select(func.area_tree_rebuild()))
    session.expire_all()
    return province, commune, first, second, neighbour, third, fourth


def an_area(
    session: Session,
    code: str,
    name: str,
    level: str,
    parent_id: int | None,
    *,
    box: tuple[float, float, float, float] | None = None,
) -> int:
    """An area with a rectangle as its boundary. Call `select area_tree_rebuild()` after the last one."""
    since = date(2020, 1, 1)
    new = Area(level_id=LEVELS[level], code=code, name=name, valid_from=since)
    if box:
        west, south, east, north = box
        ring = f"{west} {south},{east} {south},{east} {north},{west} {north},{west} {south}"
        new.boundary = WKTElement(f"MULTIPOLYGON((({ring})))", srid=4326)
        new.boundary_kind = "drawn"
    session.add(new)
    session.flush()
    if parent_id is not None:
        session.add(AreaParent(area_id=new.id, parent_id=parent_id, valid_from=since))
        session.flush()
    return new.id


def a_household(session: Session, area_id: int, code: str, **given: Any) -> Household:
    """One household, placed unless `lonlat=None`; no people yet."""
    lonlat = given.pop("lonlat", (106.61, 17.26))
    values: dict[str, Any] = {"head_name": "Nguyễn Văn Đào", "alley_name": "Ngõ 7", **given}
    if lonlat:
        values |= {"point": WKTElement(f"POINT({lonlat[0]} {lonlat[1]})", srid=4326), "place_source": "import"}
    new = Household(id=uuid7(), area_id=area_id, code=code, **values)
    session.add(new)
    session.flush()
    return new


def a_person(session: Session, household: Household, full_name: str, **given: Any) -> Person:
    """One more member of a household; its derived counts are not touched."""
    new = Person(id=uuid7(), household_id=household.id, area_id=household.area_id, full_name=full_name, **given)
    session.add(new)
    session.flush()
    return new


def a_card(session: Session, person: Person, **given: Any) -> Card:
    """A card that holds for this year, unless told otherwise."""
    today = clock.today()
    values = {"category": "GD", "valid_from": date(today.year, 1, 1), "valid_to": date(today.year + 1, 12, 31), **given}
    new = Card(id=uuid7(), person_id=person.id, **values)
    session.add(new)
    session.flush()
    return new


def a_family(session: Session, area_id: int, code: str, number: int) -> Household:
    """A couple: both covered in the first house, the man alone in the second, nobody in the third, and so on."""
    covered = (2, 1, 0)[(number - 1) % 3]
    north, west = (17.26 if code.startswith(("HT", "TX")) else 17.21), (106.61 if code[:2] in ("HT", "QX") else 106.65)
    household = a_household(
        session,
        area_id,
        code,
        head_name=f"Nguyễn Văn Đào {code}",
        house_number=str(number),
        phone=f"0912 000 {area_id % 1000:03d}",
        lonlat=(west + number * STEP, north),
        living_count=2,
        registered_count=2,
        covered_count=covered,
        living_covered_count=covered,
        status=("uncovered", "partly", "covered")[covered],
        status_on=clock.today(),
    )
    couple = (("Nguyễn Văn Đào", "male", 1970), ("Trần Thị Hoa", "female", 1974))
    for position, (name, sex, year) in enumerate(couple):
        has_card = position < covered
        person = a_person(
            session,
            household,
            f"{name} {code}",
            sex=sex,
            birth_year=year,
            is_head=position == 0,
            status="covered" if has_card else "uncovered",
            status_on=clock.today(),
            reason_group=None if has_card else "expired",
        )
        if has_card:
            a_card(session, person, number=f"GD4{position}44{code.replace('-', '0')}")
    return household


def an_account(session: Session, username: str, role: str, *area_ids: int, **given: Any) -> Member:
    """Somebody who may sign in with PASSWORD, tied to these areas."""
    values = {"full_name": f"{username.title()} Nguyễn", "must_change_password": False, **given}
    new = Account(id=uuid7(), username=username, role=role, password_hash=password_hash(), **values)
    session.add(new)
    session.flush()
    session.add_all(AccountArea(account_id=new.id, area_id=area_id) for area_id in area_ids)
    session.flush()
    return Member(new.id, username, Scope(new.id, role, frozenset(area_ids), new.sees_persons))


def a_published_plan(
    session: Session, area_id: int, leader: Member, walker: Member, households: list[Household]
) -> tuple[Plan, Route]:
    """A published plan with one route, walked by `walker`, past these households in this order."""
    plan = Plan(id=uuid7(), area_id=area_id, name="Đợt 1", state="published", parameters={}, created_by=leader.id)
    plan.published_at = clock.now()
    session.add(plan)
    session.flush()
    route = Route(id=uuid7(), plan_id=plan.id, area_id=area_id, number=1, uncovered_count=len(households))
    session.add(route)
    session.flush()
    session.add(RouteMember(route_id=route.id, account_id=walker.id))
    session.add_all(
        Stop(route_id=route.id, position=position, household_id=household.id, walk_metres=110)
        for position, household in enumerate(households, start=1)
    )
    session.flush()
    return plan, route


def a_job(session: Session, member: Member, name: str = "count doors", **given: Any) -> Job:
    """A job as a page shows it; nothing is put in the worker's line."""
    new = Job(id=uuid7(), name=name, account_id=member.id, **given)
    session.add(new)
    session.flush()
    return new
