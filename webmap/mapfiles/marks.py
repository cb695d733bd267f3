"""How the features of a preview are told apart: colour, line, stripes and a sign, never colour alone."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """A colour, the dashes of its line, the width and turn of its stripes (pixels, degrees), and a sign for lists."""

    colour: str
    sign: str
    dash: str = ""
    stripe: float = 0
    turn: int = 0


MARKS = {
    "refused": Mark("#B02A05", "✕", "2 3", 3, 45),
    "changed": Mark("#6B4E00", "~", "8 3", 2, 0),
    "new": Mark("#0E6B5A", "+"),
    "gone": Mark("#454D57", "−", "1 4", 2, 90),
    "same": Mark("#5B6B7A", "="),
    "finding": Mark("#8E1A6B", "!", "4 2", 4, 135),
}
