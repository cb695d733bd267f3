"""What one card says on a day, for pages. Status of persons and households is derived by `coverage`."""

from datetime import date

from webmap.households.models import Card

WARNING_DAYS = 30


def card_state(card: Card, today: date) -> str:
    """'future', 'ended', 'ending' (within the warning period) or 'valid'."""
    if card.valid_from > today:
        return "future"
    if card.valid_to is None:
        return "valid"
    if card.valid_to < today:
        return "ended"
    return "ending" if (card.valid_to - today).days <= WARNING_DAYS else "valid"
