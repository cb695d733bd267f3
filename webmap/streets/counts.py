"""What an import of the basemap did, and where it works."""

from collections.abc import Callable
from dataclasses import dataclass, field

from shapely.geometry.base import BaseGeometry

Tell = Callable[[int], None]


@dataclass(slots=True)
class Counts:
    """What an import did: rows added, changed, removed and left alone by table, features skipped by reason."""

    added: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    removed: dict[str, int] = field(default_factory=dict)
    same: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)

    @property
    def is_unchanged(self) -> bool:
        """Whether the basemap is what it was."""
        return not any(sum(part.values()) for part in (self.added, self.changed, self.removed))


@dataclass(frozen=True, slots=True)
class Reach:
    """Where an import works. `region`: only there (None: everywhere). `covered`: where the file is whole, if known."""

    region: BaseGeometry | None = None
    covered: BaseGeometry | None = None
