"""Tables of maintained figures. Triggers on `household` and `coverage_fold()` write them; the app only reads."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, PrimaryKeyConstraint, SmallInteger, func, text
from sqlalchemy.orm import Mapped, mapped_column

from webmap.database.base import Base

ZERO = text("0")


class Figures:
    """What is counted of doors (`households` … `unknown_households`) and of people on the register."""

    households: Mapped[int] = mapped_column(server_default=ZERO)
    placed: Mapped[int] = mapped_column(server_default=ZERO)
    visited: Mapped[int] = mapped_column(server_default=ZERO)
    covered_households: Mapped[int] = mapped_column(server_default=ZERO)
    partly_households: Mapped[int] = mapped_column(server_default=ZERO)
    uncovered_households: Mapped[int] = mapped_column(server_default=ZERO)
    expiring_households: Mapped[int] = mapped_column(server_default=ZERO)
    reported_households: Mapped[int] = mapped_column(server_default=ZERO)
    pledged_households: Mapped[int] = mapped_column(server_default=ZERO)
    unknown_households: Mapped[int] = mapped_column(server_default=ZERO)
    registered: Mapped[int] = mapped_column(server_default=ZERO)
    living: Mapped[int] = mapped_column(server_default=ZERO)
    covered: Mapped[int] = mapped_column(server_default=ZERO)
    living_covered: Mapped[int] = mapped_column(server_default=ZERO)
    expiring: Mapped[int] = mapped_column(server_default=ZERO)


class CoverageDelta(Figures, Base):
    """A change that is not added up yet. `grid_column`, `grid_row`: the square of zoom 14, None without a place."""

    __tablename__ = "coverage_delta"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    area_id: Mapped[int]
    grid_column: Mapped[int | None]
    grid_row: Mapped[int | None]


class AreaOwnCounter(Figures, Base):
    """Figures of the doors that belong to an area itself."""

    __tablename__ = "area_own_counter"
    __table_args__ = ({"postgresql_with": {"fillfactor": 50}},)

    area_id: Mapped[int] = mapped_column(ForeignKey("area.id", ondelete="CASCADE"), primary_key=True)
    changes: Mapped[int] = mapped_column(BigInteger)


class AreaCounter(Figures, Base):
    """Figures of an area with all below it, by today's tree. `changes` only grows."""

    __tablename__ = "area_counter"
    __table_args__ = ({"postgresql_with": {"fillfactor": 50}},)

    area_id: Mapped[int] = mapped_column(ForeignKey("area.id", ondelete="CASCADE"), primary_key=True)
    changes: Mapped[int] = mapped_column(BigInteger)


class CoverageCell(Base):
    """Figures of one square of the map and the doors of one area itself: 64 x 64 squares to a tile, zoom 8 to 14."""

    __tablename__ = "coverage_cell"
    __table_args__ = (
        PrimaryKeyConstraint("z", "tile_x", "tile_y", "i", "j", "area_id"),
        Index("ix_coverage_cell_empty", "z", postgresql_where=text("households = 0")),
        {"postgresql_with": {"fillfactor": 80}},
    )

    z: Mapped[int] = mapped_column(SmallInteger)
    tile_x: Mapped[int]
    tile_y: Mapped[int]
    i: Mapped[int] = mapped_column(SmallInteger)
    j: Mapped[int] = mapped_column(SmallInteger)
    area_id: Mapped[int]
    households: Mapped[int]
    registered: Mapped[int]
    living: Mapped[int]
    covered: Mapped[int]
    living_covered: Mapped[int]


class CoverageWideCell(Base):
    """Figures of one square of the map and one area with all below it, zoom 4 to 7."""

    __tablename__ = "coverage_wide_cell"
    __table_args__ = (
        PrimaryKeyConstraint("area_id", "z", "tile_x", "tile_y", "i", "j"),
        Index("ix_coverage_wide_cell_empty", "z", postgresql_where=text("households = 0")),
        {"postgresql_with": {"fillfactor": 80}},
    )

    area_id: Mapped[int]
    z: Mapped[int] = mapped_column(SmallInteger)
    tile_x: Mapped[int]
    tile_y: Mapped[int]
    i: Mapped[int] = mapped_column(SmallInteger)
    j: Mapped[int] = mapped_column(SmallInteger)
    households: Mapped[int]
    registered: Mapped[int]
    living: Mapped[int]
    covered: Mapped[int]
    living_covered: Mapped[int]


class PublishedArea(Base):
    """Figures of an area as they were made public: for those who may not see persons."""

    __tablename__ = "published_area"

    area_id: Mapped[int] = mapped_column(ForeignKey("area.id", ondelete="CASCADE"), primary_key=True)
    households: Mapped[int]
    registered: Mapped[int]
    living: Mapped[int]
    covered: Mapped[int]
    living_covered: Mapped[int]
    published_at: Mapped[datetime] = mapped_column(server_default=func.now())


class PublishedCell(Base):
    """A square of zoom 8 to 14 as it was made public. It covers `size` squares of its zoom in each direction."""

    __tablename__ = "published_cell"
    __table_args__ = (PrimaryKeyConstraint("z", "tile_x", "tile_y", "i", "j", "size", "area_id"),)

    z: Mapped[int] = mapped_column(SmallInteger)
    tile_x: Mapped[int]
    tile_y: Mapped[int]
    i: Mapped[int] = mapped_column(SmallInteger)
    j: Mapped[int] = mapped_column(SmallInteger)
    size: Mapped[int] = mapped_column(SmallInteger)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id", ondelete="CASCADE"), index=True)
    households: Mapped[int]
    registered: Mapped[int]
    living: Mapped[int]
    covered: Mapped[int]
    living_covered: Mapped[int]


class PublishedWideCell(Base):
    """A square of zoom 4 to 7 as it was made public, of an area with all below it."""

    __tablename__ = "published_wide_cell"
    __table_args__ = (PrimaryKeyConstraint("area_id", "z", "tile_x", "tile_y", "i", "j"),)

    area_id: Mapped[int] = mapped_column(ForeignKey("area.id", ondelete="CASCADE"))
    z: Mapped[int] = mapped_column(SmallInteger)
    tile_x: Mapped[int]
    tile_y: Mapped[int]
    i: Mapped[int] = mapped_column(SmallInteger)
    j: Mapped[int] = mapped_column(SmallInteger)
    households: Mapped[int]
    registered: Mapped[int]
    living: Mapped[int]
    covered: Mapped[int]
    living_covered: Mapped[int]


class AreaDay(Base):
    """Figures of an area with all below it as a day left them, by that day's tree."""

    __tablename__ = "area_day"
    __table_args__ = (PrimaryKeyConstraint("area_id", "day"),)

    area_id: Mapped[int] = mapped_column(ForeignKey("area.id", ondelete="CASCADE"))
    day: Mapped[date]
    households: Mapped[int]
    registered: Mapped[int]
    living: Mapped[int]
    covered: Mapped[int]
    living_covered: Mapped[int]
