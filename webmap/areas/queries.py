"""Reads of places: the tree as it stands, one place with its way up, boundaries for cutting."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Select, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from gis_layers.geojson import from_wkb
from gis_layers.types import BBox
from webmap import clock
from webmap.accounts.scope import CLOSURE, Scope, areas_in
from webmap.areas.models import Area, AreaClosure, AreaLevel, Source
from webmap.errors import NotFoundError
from webmap.text import fold, sort_key


@dataclass(frozen=True, slots=True)
class Place:
    """An area as lists show it."""

    id: int
    code: str
    name: str
    kind: str | None
    level: str
    depth: int
    label_vi: str
    label_en: str
    parent_id: int | None
    population: int | None
    boundary_kind: str
    below: int
    valid_from: date
    valid_to: date | None
    population_doubt: str | None = None

    @property
    def full_name(self) -> str:
        """The name with its kind, "Xã Tân Ninh", unless the name says it already."""
        if self.kind and not self.name.lower().startswith(self.kind.lower()):
            return f"{self.kind} {self.name}"
        return self.name


def place(session: Session, scope: Scope, area_id: int) -> Place:
    """One area of the scope, closed ones too; any other does not exist."""
    found = session.execute(_places(scope).where(Area.id == area_id)).one_or_none()
    if found is None:
        raise NotFoundError
    return Place(*found)


def roots(session: Session, scope: Scope) -> list[Place]:
    """Where the asking person's tree begins: her areas that lie in no other area of hers."""
    mine = areas_in(scope)
    rows = session.execute(_open(_places(scope)).where(or_(Area.parent_id.is_(None), Area.parent_id.not_in(mine))))
    return _sorted(Place(*row) for row in rows)


def below(session: Session, scope: Scope, area_id: int, *, closed: bool = False) -> list[Place]:
    """The areas directly below one, in the order of a Vietnamese dictionary; with `closed`, only closed ones."""
    wanted = _places(scope).where(Area.parent_id == area_id)
    wanted = wanted.where(Area.valid_to <= clock.today()) if closed else _open(wanted)
    return _sorted(Place(*row) for row in session.execute(wanted))


def way_up(session: Session, scope: Scope, area_id: int) -> list[Place]:
    """The areas above one, the highest first, as far as the scope reaches; ended ones are on today's map no more."""
    wanted = _open(_places(scope)).join(AreaClosure, AreaClosure.ancestor_id == Area.id)
    wanted = wanted.where(AreaClosure.descendant_id == area_id, AreaClosure.depth > 0)
    return [Place(*row) for row in session.execute(wanted.order_by(AreaClosure.depth.desc()))]


def source_of(session: Session, scope: Scope, area_id: int) -> Source | None:
    """Where an area's boundary and name came from."""
    wanted = select(Source).join(Area, Area.source_id == Source.id).where(Area.id == area_id)
    return session.scalar(wanted.where(Area.id.in_(areas_in(scope))))


def find_places(session: Session, scope: Scope, words: str, most: int = 50) -> list[Place]:
    """Open areas whose name holds all the words, with or without marks; the largest levels first."""
    wanted = _open(_places(scope))
    for word in fold(words).split():
        wanted = wanted.where(func.fold(Area.name).contains(word, autoescape=True))
    return [Place(*row) for row in session.execute(wanted.order_by(AreaLevel.depth, Area.name).limit(most))]


def levels(session: Session) -> list[AreaLevel]:
    """All levels, the widest first."""
    return list(session.scalars(select(AreaLevel).order_by(AreaLevel.depth)))


def boundary(session: Session, scope: Scope, area_id: int) -> BaseGeometry | None:
    """The boundary of an area of the scope in WGS 84, None when it has none."""
    found = session.execute(
        select(func.st_asbinary(Area.boundary)).where(Area.id == area_id, Area.id.in_(areas_in(scope)))
    ).one_or_none()
    if found is None:
        raise NotFoundError
    return None if found[0] is None else from_wkb(bytes(found[0]))


def with_boundary_near(session: Session, scope: Scope, box: BBox) -> list[Place]:
    """Open areas of the scope whose boundary meets a WGS 84 box, without villages: what a map can be cut to."""
    envelope = func.st_makeenvelope(*box, 4326)
    wanted = _open(_places(scope)).where(func.st_intersects(Area.boundary, envelope), AreaLevel.code != "village")
    return [Place(*row) for row in session.execute(wanted.order_by(AreaLevel.depth, Area.name))]


def extent(session: Session, scope: Scope) -> BBox | None:
    """The box around all boundaries of the scope, WGS 84."""
    box = session.scalar(select(func.st_asbinary(func.st_extent(Area.boundary))).where(Area.id.in_(areas_in(scope))))
    return None if box is None else BBox(*shapely.bounds(from_wkb(bytes(box))))


def _places(scope: Scope) -> Select[Any]:
    child = aliased(Area)
    below_it = (
        select(func.count())
        .where(child.parent_id == Area.id, or_(child.valid_to.is_(None), child.valid_to > literal(clock.today())))
        .scalar_subquery()
    )
    columns = (
        *(Area.id, Area.code, Area.name, Area.kind, AreaLevel.code, AreaLevel.depth, AreaLevel.label_vi),
        *(AreaLevel.label_en, Area.parent_id, Area.population, Area.boundary_kind, below_it),
        *(Area.valid_from, Area.valid_to, Area.population_doubt),
    )
    mine = select(CLOSURE.c.descendant_id).where(CLOSURE.c.descendant_id.in_(areas_in(scope)))
    return select(*columns).join(AreaLevel, AreaLevel.id == Area.level_id).where(Area.id.in_(mine))


def _open(wanted: Select[Any]) -> Select[Any]:
    today = clock.today()
    return wanted.where(Area.valid_from <= today, or_(Area.valid_to.is_(None), Area.valid_to > today))


def _sorted(places: Iterable[Place]) -> list[Place]:
    return sorted(places, key=lambda one: (one.depth, sort_key(one.name)))
