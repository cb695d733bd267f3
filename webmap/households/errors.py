"""What can go wrong at a door."""

from webmap.errors import N_, ConflictError, InvalidError, NotFoundError


class HouseholdNotFoundError(NotFoundError):
    """No such household, or not in the areas of whoever asks."""

    code = "household_not_found"
    text = N_("This household does not exist, or it is not in your areas.")


class PersonNotFoundError(NotFoundError):
    """No such person in this household."""

    code = "person_not_found"
    text = N_("This person does not exist, or not in this household.")


class PlaceOutsideError(InvalidError):
    """A house was to be placed far outside its area: a slip of the finger."""

    code = "place_outside"
    text = N_("This place lies far outside %(area)s. The house was not moved.")


class CodeTakenError(ConflictError):
    """Another household of the village has this code."""

    code = "household_code_taken"
    text = N_("The code %(code)s already belongs to another household of this village.")


class NumberTakenError(ConflictError):
    """A citizen id or insurance code belongs to one person only."""

    code = "number_taken"
    text = N_("The number %(number)s already belongs to %(name)s.")


class PlaceTakenError(ConflictError):
    """A place was accepted for an address that has one already, or the map has changed under it."""

    code = "place_taken_meanwhile"
    text = N_("This household has a place already, or the map has changed meanwhile. Look at it again.")
