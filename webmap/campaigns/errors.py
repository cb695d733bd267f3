"""What can go wrong with campaigns."""

from webmap.errors import N_, ConflictError, InvalidError


class BadBoundsError(InvalidError):
    """The classes of colour cannot be read, do not rise, or are too many."""

    code = "bad_class_bounds"
    text = N_("The classes have to be one to five rising percentages, such as 70 80 90 95 97.")


class BadPeriodError(InvalidError):
    """A campaign would end before it begins."""

    code = "bad_campaign_period"
    text = N_("The campaign cannot end before it begins.")


class BadMilestoneError(InvalidError):
    """A milestone's value does not fit what it measures."""

    code = "bad_milestone"
    text = N_("A milestone is a percentage above 0 and at most 200, or a whole number of people.")


class MilestoneTakenError(ConflictError):
    """The same measure is due on the same day already."""

    code = "milestone_taken"
    text = N_("There is already a milestone of this kind on that day.")


class FigureTakenError(ConflictError):
    """Another value of the same measure and day is written down."""

    code = "official_figure_taken"
    text = N_("For that day %(value)s is written down already. Take that line away first.")


class NotYetError(InvalidError):
    """What is written down must have happened."""

    code = "not_yet"
    text = N_("That day has not come yet.")
