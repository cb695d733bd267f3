"""Tables of map files: what was uploaded and chosen, and the features of a preview."""

from datetime import datetime
from typing import Any
from uuid import UUID

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, PrimaryKeyConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from webmap.database.base import Base


class MapFile(Base):
    """A map file somebody uploaded: hers alone. Its content lies in the data folder until it is applied or a week old.

    `look`: what it holds (mapfiles.looks). `choices`: what shall become of it (mapfiles.inputs.Choices). `preview`:
    what that would change, in figures and findings; the features are in `map_preview_feature`.
    """

    __tablename__ = "map_file"
    __table_args__ = (Index("ix_map_file_account_id", "account_id", "uploaded_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID | None]
    name: Mapped[str]
    bytes: Mapped[int] = mapped_column(BigInteger)
    uploaded_at: Mapped[datetime] = mapped_column(server_default=func.now())
    look: Mapped[dict[str, Any] | None]
    choices: Mapped[dict[str, Any] | None]
    preview: Mapped[dict[str, Any] | None]
    previewed_at: Mapped[datetime | None]
    import_id: Mapped[UUID | None] = mapped_column(ForeignKey("map_import.id", ondelete="SET NULL"))


class MapPreviewFeature(Base):
    """One feature of a file as a preview shows it, or what the file is wrong about: coloured, listed, flown to."""

    __tablename__ = "map_preview_feature"
    __table_args__ = (
        PrimaryKeyConstraint("file_id", "id"),
        CheckConstraint("state in ('refused', 'changed', 'new', 'gone', 'same', 'finding')", name="state"),
        Index("ix_map_preview_feature_state", "file_id", "state", "id"),
        Index("ix_map_preview_feature_shape", "shape", postgresql_using="gist"),
        {"prefixes": ["UNLOGGED"]},
    )

    file_id: Mapped[UUID] = mapped_column(ForeignKey("map_file.id", ondelete="CASCADE"))
    id: Mapped[int] = mapped_column(autoincrement=False)
    layer: Mapped[str]
    number: Mapped[int | None]
    what: Mapped[str]
    state: Mapped[str]
    name: Mapped[str] = mapped_column(server_default="")
    facts: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    shape: Mapped[WKBElement | None] = mapped_column(Geometry("GEOMETRY", srid=4326, spatial_index=False))
