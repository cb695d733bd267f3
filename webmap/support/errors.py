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


class DonationSpentError(ConflictError):
    """More would be allotted than a donation holds."""

    code = "donation_spent"
    text = N_("The donation does not hold that much any more. Somebody may have confirmed receivers meanwhile.")


class GiftTwiceError(ConflictError):
    """Somebody has a donated card for these days."""

    code = "gift_twice"
    text = N_("Somebody among them has a donated card for these days already. Look at the proposal again.")


class ReceiverUnfitError(ConflictError):
    """Somebody chosen has a card by now, has moved, or does not fit the sponsor's rules."""

    code = "receiver_unfit"
    text = N_("Somebody among them cannot receive this card any more. Look at the proposal again.")


class DonationInUseError(ConflictError):
    """A donation of which cards were confirmed cannot be removed."""

    code = "donation_in_use"
    text = N_("Cards of this donation were confirmed: it stays in the books.")


class GivenOutError(ConflictError):
    """A card was withdrawn meanwhile, or never confirmed."""

    code = "allocation_withdrawn"
    text = N_("A card among them was withdrawn.")


class BadDayError(InvalidError):
    """A card would be given out in the future, or before its donation was received."""

    code = "bad_day_of_gift"
    text = N_("A card is given out between the day of the donation and today.")
