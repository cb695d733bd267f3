"""Tables of our own basemap: alleys, terrain, buildings, address points."""

from datetime import date, datetime
from uuid import UUID

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    REAL,
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from webmap.database.base import Base


class Alley(Base):
    """A way on which people walk (ngõ), whole from junction to junction.

    `stands_for`: the line or lines of a file, as WKB, that a person cut, moved or joined; an import lays none of them
    again. Not a geometry column, so that what is noted of a change brings it back to the last bit.
    """

    __tablename__ = "alley"
    __table_args__ = (
        CheckConstraint(
            "kind in ('main', 'road', 'alley', 'path', 'steps', 'track', 'footway', 'bridge', 'ferry')",
            name="kind",
        ),
        CheckConstraint("access in ('public', 'private', 'forbidden')", name="access"),
        UniqueConstraint("uuid"),
        Index("ix_alley_line", "line", postgresql_using="gist"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    uuid: Mapped[UUID] = mapped_column(server_default=func.gen_random_uuid())
    name: Mapped[str | None]
    name_folded: Mapped[str | None] = mapped_column(Computed("fold(name)", persisted=True), index=True)
    kind: Mapped[str]
    osm_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    from_node: Mapped[int | None] = mapped_column(BigInteger)
    to_node: Mapped[int | None] = mapped_column(BigInteger)
    is_walkable: Mapped[bool] = mapped_column(server_default=text("true"))
    access: Mapped[str] = mapped_column(server_default="public")
    has_gate: Mapped[bool] = mapped_column(server_default=text("false"))
    closed_on: Mapped[date | None]
    edited_at: Mapped[datetime | None]
    stands_for: Mapped[bytes | None] = mapped_column(deferred=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), index=True)
    line: Mapped[WKBElement] = mapped_column(Geometry("LINESTRING", srid=4326, spatial_index=False))


class Terrain(Base):
    """Water, fields and woods: lines or surfaces behind everything else."""

    __tablename__ = "terrain"
    __table_args__ = (
        CheckConstraint("kind in ('river', 'canal', 'lake', 'sea', 'field', 'forest', 'built')", name="kind"),
        CheckConstraint("st_dimension(shape) in (1, 2)", name="shape"),
        UniqueConstraint("uuid"),
        Index("ix_terrain_shape", "shape", postgresql_using="gist"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    uuid: Mapped[UUID] = mapped_column(server_default=func.gen_random_uuid())
    kind: Mapped[str]
    name: Mapped[str | None]
    osm_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), index=True)
    shape: Mapped[WKBElement] = mapped_column(Geometry("GEOMETRY", srid=4326, spatial_index=False))


class Building(Base):
    """The outline of a building, with its address where known.

    `maker` is who drew it (rules.Maker), `external_id` its name there (a plus code, an Overture id), `confidence`
    what a detector said, 0 to 1. Derived by `buildings`: `same_as_id` (somebody better drew the same house: this
    outline is kept and not shown), `is_shed`, `is_doubtful`.
    """

    __tablename__ = "building"
    __table_args__ = (
        UniqueConstraint("uuid"),
        CheckConstraint("confidence between 0 and 1", name="confidence"),
        CheckConstraint("maker in ('drawn', 'official', 'osm', 'overture', 'microsoft', 'google')", name="maker"),
        CheckConstraint("same_as_id <> id", name="same_as_another"),
        Index("ix_building_outline", "outline", postgresql_using="gist"),
        Index("ix_building_same_as_id", "same_as_id", postgresql_where=text("same_as_id is not null")),
        Index("ix_building_external_id", "external_id", postgresql_where=text("external_id is not null")),
        Index(
            "ix_building_address",
            "street_folded",
            "house_number",
            postgresql_where=text("house_number is not null"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    uuid: Mapped[UUID] = mapped_column(server_default=func.gen_random_uuid())
    osm_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    external_id: Mapped[str | None]
    kind: Mapped[str | None]
    levels: Mapped[int | None] = mapped_column(SmallInteger)
    confidence: Mapped[float | None] = mapped_column(REAL)
    maker: Mapped[str] = mapped_column(server_default="osm")
    house_number: Mapped[str | None]
    street: Mapped[str | None]
    street_folded: Mapped[str | None] = mapped_column(Computed("fold(street)", persisted=True))
    is_shed: Mapped[bool] = mapped_column(server_default=text("false"))
    is_doubtful: Mapped[bool] = mapped_column(server_default=text("false"))
    same_as_id: Mapped[int | None] = mapped_column(ForeignKey("building.id", ondelete="SET NULL"))
    edited_at: Mapped[datetime | None]
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), index=True)
    outline: Mapped[WKBElement] = mapped_column(Geometry("POLYGON", srid=4326, spatial_index=False))


class BuildingFinding(Base):
    """What a person said of a building; kept at its place, so that it holds whoever draws the outline."""

    __tablename__ = "building_finding"
    __table_args__ = (
        CheckConstraint("finding in ('not_dwelling', 'shed', 'empty')", name="finding"),
        Index("ix_building_finding_point", "point", postgresql_using="gist"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    finding: Mapped[str]
    point: Mapped[WKBElement] = mapped_column(Geometry("POINT", srid=4326, spatial_index=False))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    found_at: Mapped[datetime] = mapped_column(server_default=func.now())


class AddressPoint(Base):
    """A house number somebody surveyed."""

    __tablename__ = "address_point"
    __table_args__ = (
        UniqueConstraint("uuid"),
        Index("ix_address_point_point", "point", postgresql_using="gist"),
        Index("ix_address_point_address", "street_folded", "house_number"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    uuid: Mapped[UUID] = mapped_column(server_default=func.gen_random_uuid())
    osm_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    house_number: Mapped[str]
    street: Mapped[str | None]
    street_folded: Mapped[str | None] = mapped_column(Computed("fold(street)", persisted=True))
    edited_at: Mapped[datetime | None]
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), index=True)
    point: Mapped[WKBElement] = mapped_column(Geometry("POINT", srid=4326, spatial_index=False))


class NotAGap(Base):
    """A way between two parts of the alleys of which a person said that it is none."""

    __tablename__ = "not_a_gap"
    __table_args__ = (Index("ix_not_a_gap_line", "line", postgresql_using="gist"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    line: Mapped[WKBElement] = mapped_column(Geometry("LINESTRING", srid=4326, spatial_index=False))
    told_at: Mapped[datetime] = mapped_column(server_default=func.now())
