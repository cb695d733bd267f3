"""What can go wrong with a visit. None of it loses what was sent: it is set aside, raw, for a person to look at."""

from webmap.errors import N_, ConflictError, InvalidError, NotFoundError


class VisitIdTakenError(ConflictError):
    """Two different visits carry one id: a broken phone, or a forged message."""

    code = "visit_id_taken"
    text = N_("Another visit already has this number. What was sent is kept for a leader to look at.")


class VisitPersonUnknownError(InvalidError):
    """The visit names somebody who does not belong to the household."""

    code = "visit_person_unknown"
    text = N_("The visit names somebody who is not of this household. What was sent is kept for a leader to look at.")


class SetAsideNotFoundError(NotFoundError):
    """No such entry, or not in the areas of whoever asks."""

    code = "set_aside_not_found"
    text = N_("This entry does not exist, or it is not for you to look at.")
