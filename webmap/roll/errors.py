"""What can go wrong with a roll."""

from webmap.errors import N_, ConflictError, InvalidError, NotFoundError


class RollNotFoundError(NotFoundError):
    """No such roll, or not in the areas of whoever asks."""

    code = "roll_not_found"
    text = N_("This roll does not exist, or it is not in your areas.")


class RollRowNotFoundError(NotFoundError):
    """No such row, or it does not wait for a choice, or the person was not offered for it."""

    code = "roll_row_not_found"
    text = N_("This row of the roll does not wait for a choice.")


class RollBusyError(ConflictError):
    """The roll is being checked, applied or taken back, or it is not at the step that was asked for."""

    code = "roll_busy"
    text = N_("This roll is being worked on, or it is not ready for this step.")


class NewerRollError(ConflictError):
    """A roll of a later day was applied to the same area: an older one would bring back what is over."""

    code = "newer_roll"
    text = N_("A newer roll of this area was applied already (of %(day)s). Take that one back first.")


class RollRegisterChangedError(ConflictError):
    """Somebody wrote to the register after the roll was checked: it would no longer do what was promised."""

    code = "roll_register_changed"
    text = N_("The register has changed since the roll was checked. Check it again; nothing was changed.")


class RollBuiltUponError(ConflictError):
    """What the roll wrote has been changed since, by a later roll or by a person."""

    code = "roll_built_upon"
    text = N_("Cards of this roll were changed since, or a later roll was applied: it cannot be taken back any more.")


class RollFormError(InvalidError):
    """The form of a new roll lacks something."""

    code = "roll_form"
    text = N_("Choose the file and the area, and say the day of the roll, what it is for and on which legal basis.")


class ListedInFutureError(InvalidError):
    """No list can have been drawn on a day that is still to come."""

    code = "listed_in_future"
    text = N_("The day of the roll (%(day)s) lies in the future.")
