"""Tables of doors, people and cards. Columns marked derived are written by `coverage` and `visits` only."""

from datetime import date, datetime
from uuid import UUID

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    REAL,
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from webmap.database.base import Base

SEARCH_TEXT = (
    "fold(code || ' ' || coalesce(head_name, '') || ' ' || coalesce(phone, '') || ' ' || coalesce(house_number, '')"
    " || ' ' || coalesce(alley_name, '') || ' ' || coalesce(address, ''))"
)


class CardCategory(Base):
    """A category of insured people as printed on cards (đối tượng)."""

    __tablename__ = "card_category"
    __table_args__ = (
        CheckConstraint(
            "group_code in ('employed', 'pension', 'poor', 'near_poor', 'area', 'social', 'under_six', 'student',"
            " 'household_plan', 'other')",
            name="group_code",
        ),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    label_vi: Mapped[str]
    label_en: Mapped[str]
    group_code: Mapped[str]
    position: Mapped[int] = mapped_column(SmallInteger)


class Household(Base):
    """A door (hộ). `number` is its id on map tiles; `id` is the one in addresses."""

    __tablename__ = "household"
    __table_args__ = (
        PrimaryKeyConstraint("id"),
        UniqueConstraint("number"),
        UniqueConstraint("id", "area_id"),
        UniqueConstraint("area_id", "code"),
        CheckConstraint(
            "status in ('covered', 'partly', 'uncovered', 'expiring', 'reported', 'pledged', 'unknown')",
            name="status",
        ),
        CheckConstraint(
            "door_mark in ('not_visited', 'not_home', 'refused', 'revisit', 'done', 'not_found')",
            name="door_mark",
        ),
        CheckConstraint("place_source in ('surveyed', 'by_hand', 'building', 'import')", name="place_source"),
        CheckConstraint("(point is null) = (place_source is null)", name="place_is_whole"),
        CheckConstraint(
            "covered_count between 0 and registered_count and living_covered_count between 0 and living_count"
            " and expiring_count between 0 and covered_count",
            name="counts",
        ),
        Index("ix_household_point", "point", postgresql_using="gist"),
        Index("ix_household_unplaced", "area_id", postgresql_where=text("point is null")),
        Index(
            "ix_household_search_text",
            "search_text",
            postgresql_using="gin",
            postgresql_ops={"search_text": "gin_trgm_ops"},
        ),
        Index("ix_household_building_id", "building_id", postgresql_where=text("building_id is not null")),
        Index("ix_household_alley_id", "alley_id", postgresql_where=text("alley_id is not null")),
        {"postgresql_with": {"fillfactor": 85}},
    )

    id: Mapped[UUID] = mapped_column(server_default=func.uuid7())
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    code: Mapped[str]
    head_name: Mapped[str | None]
    phone: Mapped[str | None]
    house_number: Mapped[str | None]
    alley_name: Mapped[str | None]
    address: Mapped[str | None]
    note: Mapped[str | None]
    # the address as it was when somebody looked for its place and did not find it
    address_not_found: Mapped[str | None]
    search_text: Mapped[str | None] = mapped_column(Computed(SEARCH_TEXT, persisted=True), deferred=True)
    point: Mapped[WKBElement | None] = mapped_column(Geometry("POINT", srid=4326, spatial_index=False))
    place_source: Mapped[str | None]
    place_accuracy_metres: Mapped[float | None] = mapped_column(REAL)
    placed_at: Mapped[datetime | None]
    building_id: Mapped[int | None] = mapped_column(ForeignKey("building.id", ondelete="SET NULL"))
    alley_id: Mapped[int | None] = mapped_column(ForeignKey("alley.id", ondelete="SET NULL"))
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"), index=True)
    # derived by coverage
    living_count: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    registered_count: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    covered_count: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    living_covered_count: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    expiring_count: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    status: Mapped[str] = mapped_column(server_default="unknown")
    status_on: Mapped[date | None]
    next_expiry_on: Mapped[date | None]
    # pushed down by visits
    door_mark: Mapped[str] = mapped_column(server_default="not_visited")
    last_visit_at: Mapped[datetime | None]
    due_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Person(Base):
    """Somebody of a household (nhân khẩu)."""

    __tablename__ = "person"
    __table_args__ = (
        PrimaryKeyConstraint("id"),
        ForeignKeyConstraint(
            ["household_id", "area_id"],
            ["household.id", "household.area_id"],
            name="fk_person_household",
            onupdate="CASCADE",
        ),
        CheckConstraint("full_name <> ''", name="full_name"),
        CheckConstraint("sex in ('male', 'female')", name="sex"),
        CheckConstraint("residency in ('living', 'away', 'moved_out', 'deceased')", name="residency"),
        CheckConstraint(
            "status in ('covered', 'expiring', 'reported', 'pledged', 'uncovered', 'unknown')", name="status"
        ),
        CheckConstraint(
            "reason_group in ('expired', 'lost_subsidy', 'hardship', 'not_interested', 'commercial', 'student',"
            " 'under_six', 'away', 'abroad', 'other', 'unknown')",
            name="reason_group",
        ),
        CheckConstraint(
            "birth_on is null or birth_year is null or extract(year from birth_on) = birth_year", name="birth"
        ),
        Index(
            "ix_person_name_folded",
            "name_folded",
            postgresql_using="gin",
            postgresql_ops={"name_folded": "gin_trgm_ops"},
        ),
        Index("ix_person_citizen_id", "citizen_id", postgresql_where=text("citizen_id is not null")),
        Index("ix_person_insurance_code", "insurance_code", postgresql_where=text("insurance_code is not null")),
        {"postgresql_with": {"fillfactor": 90}},
    )

    id: Mapped[UUID] = mapped_column(server_default=func.uuid7())
    household_id: Mapped[UUID] = mapped_column(index=True)
    area_id: Mapped[int] = mapped_column(index=True)
    full_name: Mapped[str]
    name_folded: Mapped[str | None] = mapped_column(Computed("fold(full_name)", persisted=True), deferred=True)
    sex: Mapped[str | None]
    birth_on: Mapped[date | None]
    birth_year: Mapped[int | None] = mapped_column(SmallInteger)
    citizen_id: Mapped[str | None]
    insurance_code: Mapped[str | None]
    phone: Mapped[str | None]
    relationship: Mapped[str | None]
    is_head: Mapped[bool] = mapped_column(server_default=text("false"))
    residency: Mapped[str] = mapped_column(server_default="living")
    reason_group: Mapped[str | None]
    next_step: Mapped[str | None]
    next_step_on: Mapped[date | None]
    # pushed down by visits
    reported_on: Mapped[date | None]
    pledged_until: Mapped[date | None]
    # derived by coverage
    status: Mapped[str] = mapped_column(server_default="unknown")
    status_on: Mapped[date | None]
    cover_ends_on: Mapped[date | None]
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"))
    version: Mapped[int] = mapped_column(server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    # written by a trigger: when what stands here (not what is derived) was learned
    known_from: Mapped[datetime] = mapped_column(server_default=func.now())


class Card(Base):
    """A health-insurance card (thẻ BHYT) and the days it holds, both ends included."""

    __tablename__ = "card"
    __table_args__ = (
        PrimaryKeyConstraint("id"),
        CheckConstraint("valid_to is null or valid_to >= valid_from", name="validity"),
        CheckConstraint("origin in ('import', 'roll', 'by_hand', 'demo')", name="origin"),
        Index("ix_card_number", "number", postgresql_where=text("number is not null")),
    )

    id: Mapped[UUID] = mapped_column(server_default=func.uuid7())
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    category: Mapped[str] = mapped_column(ForeignKey("card_category.code"))
    number: Mapped[str | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    origin: Mapped[str] = mapped_column(server_default="import")
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    # written by a trigger
    known_from: Mapped[datetime] = mapped_column(server_default=func.now())
