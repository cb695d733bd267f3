"""What can go wrong in gis_layers.

Every error carries plain facts, so that the app can say it in the reader's language.
"""


class GisError(Exception):
    """Base of all errors of this library. `facts` are JSON-able values for a sentence about it."""

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(", ".join(f"{name}={value}" for name, value in facts.items()))


class BadGeometryError(GisError):
    """A shape cannot be used: not closed, crossing itself, empty, or outside the earth."""


class UnreadableFileError(GisError):
    """A file is not what it says, damaged, too large, or of a kind that is not read."""


class UnknownCrsError(GisError):
    """The coordinate system of a file is not stated and cannot be recognised."""


class TileOutOfRangeError(GisError):
    """A tile address lies outside the grid of its zoom."""


class NoPathError(GisError):
    """Two places are not joined by any walkable way."""


class UnknownSymbolError(GisError):
    """A status or door mark that the palette does not hold."""
