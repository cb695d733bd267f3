"""What can go wrong with money."""

from webmap.errors import N_, ConflictError, InvalidError


class NoBaseSalaryError(ConflictError):
    """No base salary is known for the day of a quote."""

    code = "no_base_salary"
    text = N_("No base salary is known for %(day)s. The administrator can enter it under Premiums.")


class RateTakenError(ConflictError):
    """Another value begins on the same day already."""

    code = "rate_taken"
    text = N_("Another value begins on %(day)s already. Remove it first.")


class BadQuestionError(InvalidError):
    """A quote was asked for with a number of months or a day that no premium is paid for."""

    code = "bad_quote"
    text = N_("A premium is paid for 3, 6 or 12 months, from a day such as 2026-01-31.")
