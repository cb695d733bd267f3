"""What can go wrong with reports."""

from webmap.errors import N_, InvalidError


class NothingPublicError(InvalidError):
    """No counts of the area are public: too few households, no boundary, or nothing was published yet."""

    code = "nothing_public"
    text = N_("There is nothing to show of %(name)s yet: its figures are not public, or it has no boundary.")
