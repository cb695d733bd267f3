"""Tables of places. `area_parent` holds who belonged to whom, when; `parent_id`, `path` and closure are today's."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import INT4MULTIRANGE
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from webmap.database.base import Base


class Ltree(UserDefinedType[str]):
    """PostgreSQL's path type, read and written as text."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "LTREE"


class Source(Base):
    """Where features came from: name, licence, date. Shown as attribution."""

    __tablename__ = "source"
    __table_args__ = (
        CheckConstraint("kind in ('areas', 'streets', 'households', 'roll', 'demo', 'hand')", name="kind"),
    )

    id: Mapped[int] = mapped_column(Integer, Identity(always=True), primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    licence: Mapped[str | None]
    attribution: Mapped[str | None]
    dated_on: Mapped[date | None]
    file_name: Mapped[str | None]
    sha256: Mapped[str | None]
    is_invented: Mapped[bool] = mapped_column(server_default=text("false"))
    added_at: Mapped[datetime] = mapped_column(server_default=func.now())


class AreaLevel(Base):
    """A level of the tree (cấp): country, province, commune, village. Rows, not classes."""

    __tablename__ = "area_level"
    __table_args__ = (UniqueConstraint("code"), UniqueConstraint("depth"))

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    code: Mapped[str]
    depth: Mapped[int] = mapped_column(SmallInteger)
    label_vi: Mapped[str]
    label_en: Mapped[str]


class Area(Base):
    """A place of any level (địa bàn)."""

    __tablename__ = "area"
    __table_args__ = (
        UniqueConstraint("uuid"),
        CheckConstraint("boundary_kind in ('official', 'drawn', 'hull', 'none')", name="boundary_kind"),
        CheckConstraint("(boundary is null) = (boundary_kind = 'none')", name="boundary_is_named"),
        CheckConstraint("population_doubt in ('implausible', 'missing', 'swapped')", name="population_doubt"),
        CheckConstraint("valid_to is null or valid_to > valid_from", name="validity"),
        UniqueConstraint("code", "valid_from"),
        Index("ix_area_path", "path", postgresql_using="gist"),
        Index("ix_area_boundary", "boundary", postgresql_using="gist"),
    )

    id: Mapped[int] = mapped_column(Integer, Identity(always=True), primary_key=True)
    uuid: Mapped[UUID] = mapped_column(server_default=func.gen_random_uuid())
    level_id: Mapped[int] = mapped_column(SmallInteger, ForeignKey("area_level.id"))
    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    population: Mapped[int | None]
    population_doubt: Mapped[str | None]
    boundary: Mapped[WKBElement | None] = mapped_column(
        Geometry("MULTIPOLYGON", srid=4326, spatial_index=False), deferred=True
    )
    boundary_kind: Mapped[str] = mapped_column(server_default="none")
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"), index=True)
    path: Mapped[str | None] = mapped_column(Ltree())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class AreaParent(Base):
    """Who belonged to whom, from a day to a day."""

    __tablename__ = "area_parent"
    __table_args__ = (
        UniqueConstraint("area_id", "valid_from"),
        CheckConstraint("valid_to is null or valid_to > valid_from", name="validity"),
    )

    id: Mapped[int] = mapped_column(Integer, Identity(always=True), primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id", ondelete="CASCADE"))
    parent_id: Mapped[int] = mapped_column(ForeignKey("area.id"), index=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class AreaCrosswalk(Base):
    """Which area became which when the map was redrawn. "part": it was split, and a door's own place decides."""

    __tablename__ = "area_crosswalk"
    __table_args__ = (
        UniqueConstraint("old_area_id", "new_area_id"),
        CheckConstraint("extent in ('whole', 'part')", name="extent"),
    )

    id: Mapped[int] = mapped_column(Integer, Identity(always=True), primary_key=True)
    old_area_id: Mapped[int] = mapped_column(ForeignKey("area.id", ondelete="CASCADE"))
    new_area_id: Mapped[int] = mapped_column(ForeignKey("area.id", ondelete="CASCADE"), index=True)
    extent: Mapped[str]
    changed_on: Mapped[date]
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"))


class AreaClosure(Base):
    """Every area with all below it, itself included. Made by `area_tree_rebuild()`."""

    __tablename__ = "area_closure"
    __table_args__ = (PrimaryKeyConstraint("ancestor_id", "descendant_id"),)

    ancestor_id: Mapped[int] = mapped_column(ForeignKey("area.id", ondelete="CASCADE"))
    descendant_id: Mapped[int] = mapped_column(ForeignKey("area.id", ondelete="CASCADE"), index=True)
    depth: Mapped[int] = mapped_column(SmallInteger)


class AreaReach(Base):
    """The ids of an area and all below it, as ranges, for policies. Made by `area_tree_rebuild()`."""

    __tablename__ = "area_reach"

    area_id: Mapped[int] = mapped_column(ForeignKey("area.id", ondelete="CASCADE"), primary_key=True)
    reach: Mapped[Any] = mapped_column(INT4MULTIRANGE)


class MapImport(Base):
    """One change of the map: a file brought in, or an edit by hand. What it did is in `map_change`, to be undone."""

    __tablename__ = "map_import"
    __table_args__ = (
        CheckConstraint("kind in ('areas', 'streets', 'crosswalk', 'reform', 'households', 'edit')", name="kind"),
        CheckConstraint("(undone_at is null) = (undone_by is null)", name="undone_by_somebody"),
        Index("ix_map_import_area_id", "area_id", "applied_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    account_id: Mapped[UUID | None]
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id", ondelete="SET NULL"))
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"))
    title: Mapped[str]
    counts: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    applied_at: Mapped[datetime] = mapped_column(server_default=func.now())
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[UUID | None]


class MapChange(Base):
    """A row of the map that an import added, changed or removed; `before` is the row as it was, shapes as EWKB."""

    __tablename__ = "map_change"
    __table_args__ = (
        PrimaryKeyConstraint("import_id", "table_name", "row_id"),
        CheckConstraint("deed in ('added', 'changed', 'removed')", name="deed"),
        CheckConstraint("(before is null) = (deed = 'added')", name="before_is_kept"),
    )

    import_id: Mapped[UUID] = mapped_column(ForeignKey("map_import.id", ondelete="CASCADE"))
    table_name: Mapped[str]
    row_id: Mapped[int] = mapped_column(BigInteger)
    deed: Mapped[str]
    before: Mapped[dict[str, Any] | None]


class HouseholdMove(Base):
    """A household that lay in one area before a day and in another from it on: areas were split or merged.

    Only such moves are kept here: with them the figures of today's households can be had by the map of any day.
    """

    __tablename__ = "household_move"
    __table_args__ = (
        PrimaryKeyConstraint("household_id", "moved_on"),
        Index("ix_household_move_moved_on", "moved_on"),
    )

    household_id: Mapped[UUID] = mapped_column(ForeignKey("household.id", ondelete="CASCADE"))
    moved_on: Mapped[date]
    from_area_id: Mapped[int] = mapped_column(ForeignKey("area.id", ondelete="CASCADE"), index=True)
    to_area_id: Mapped[int] = mapped_column(ForeignKey("area.id", ondelete="CASCADE"), index=True)
    import_id: Mapped[UUID | None] = mapped_column(ForeignKey("map_import.id", ondelete="SET NULL"), index=True)
