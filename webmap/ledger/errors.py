"""What can go wrong when the ledger is asked."""

from webmap.errors import N_, InvalidError


class BadPeriodError(InvalidError):
    """The two days of a ledger are no days, are in the wrong order, or lie in the future."""

    code = "bad_period"
    text = N_("“%(first)s” to “%(last)s” is no period: give two days, the earlier first, none in the future.")


class UnknownWorkFilterError(InvalidError):
    """An address asks for work of a kind, or of a team, that does not exist."""

    code = "unknown_work_filter"
    text = N_("Work cannot be chosen by %(name)s “%(value)s”.")
