"""What can go wrong when the map is edited by hand."""

from webmap.errors import N_, ConflictError, InvalidError


class OutsideAreasError(InvalidError):
    """What was drawn lies more than 100 m outside the person's areas."""

    code = "outside_areas"
    text = N_("This lies outside your areas. Draw within them, or at most %(metres)s m around.")


class NoGroundError(InvalidError):
    """None of the person's areas has a boundary, so nobody knows where they may draw."""

    code = "no_ground"
    text = N_("Your areas have no boundary yet. Draw or import one first.")


class AlreadyThereError(ConflictError):
    """The same alley, drawn or imported before."""

    code = "already_there"
    text = N_("There is an alley here already: %(name)s.")


class BuildingThereError(ConflictError):
    """The outline covers a building that is known."""

    code = "building_there"
    text = N_("There is a building here already.")


class TooShortError(InvalidError):
    """A line of no length, or a surface too small for a house."""

    code = "too_short"
    text = N_("This is too small. Draw it a little larger.")


class TooLargeError(InvalidError):
    """A line longer than any alley, or a surface larger than any house."""

    code = "too_large"
    text = N_("This is too large: at most %(most)s.")


class CrossesItselfError(InvalidError):
    """An outline that crosses itself."""

    code = "crosses_itself"
    text = N_("The outline crosses itself. Move a corner and try again.")


class AtAnEndError(InvalidError):
    """An alley cannot be split at its end."""

    code = "at_an_end"
    text = N_("This is the end of the alley. Choose a place in its middle.")


class DoNotMeetError(InvalidError):
    """Only alleys that meet end to end become one."""

    code = "do_not_meet"
    text = N_("These two alleys do not meet end to end.")


class OthersMeetHereError(ConflictError):
    """Where three alleys meet there is a junction, and no alley runs through it."""

    code = "others_meet_here"
    text = N_("Other alleys meet at this junction, so these two stay two.")


class NotDrawnError(ConflictError):
    """Only what was drawn by hand is taken away; what a file brought is closed."""

    code = "not_drawn"
    text = N_("This came from a map file. Close it instead: then it stays out of new plans.")
