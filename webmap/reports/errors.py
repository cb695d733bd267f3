"""What can go wrong with reports."""

from webmap.errors import N_, InvalidError, NotAllowedError


class NothingPublicError(InvalidError):
    """No counts of the area are public: too few households, no boundary, or nothing was published yet."""

    code = "nothing_public"
    text = N_("There is nothing to show of %(name)s yet: its figures are not public, or it has no boundary.")


class EarlierMapError(NotAllowedError):
    """The figures of two maps, subtracted, could tell about a few people."""

    code = "earlier_map"
    text = N_("Figures by an earlier map are shown to those who may see persons.")
