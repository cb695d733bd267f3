"""What can go wrong with accounts and sign-ins."""

from webmap.errors import N_, ConflictError, InvalidError, NotAllowedError, UnavailableError


class WrongPasswordError(InvalidError):
    """The name or the password is not right. The same for accounts that do not exist or are switched off."""

    code = "wrong_password"
    text = N_("The user name or the password is not right.")


class TooManyTriesError(UnavailableError):
    """Too many wrong passwords, for this account or from this address: the next try has to wait."""

    status = 429
    code = "too_many_tries"
    text = N_("Too many wrong passwords. Please try again in %(minutes)s min.")


class FirstPasswordExpiredError(InvalidError):
    """A made-up first password was not used in time."""

    code = "first_password_expired"
    text = N_("This first password has expired. Please ask your administrator for a new one.")


class PasswordTooShortError(InvalidError):
    """The new password has too few characters."""

    code = "password_too_short"
    text = N_("The new password must have at least %(least)s characters.")


class PasswordTooLongError(InvalidError):
    """The new password has too many characters."""

    code = "password_too_long"
    text = N_("The new password may have at most %(most)s characters.")


class PasswordTooCommonError(InvalidError):
    """The new password is one that thieves try first."""

    code = "password_too_common"
    text = N_("This password is easy to guess. Take several words that do not belong together.")


class PasswordNotNewError(InvalidError):
    """The new password is the old one."""

    code = "password_not_new"
    text = N_("The new password must differ from the old one.")


class PasswordsDifferError(InvalidError):
    """The repetition differs."""

    code = "passwords_differ"
    text = N_("The two new passwords are not the same.")


class UsernameTakenError(ConflictError):
    """The user name belongs to another account, perhaps in an area the administrator does not see."""

    code = "username_taken"
    text = N_("This user name is taken. Please choose another.")


class LastAdminError(ConflictError):
    """An area would be left without an administrator."""

    code = "last_admin"
    text = N_("Nobody else could then administer these areas. First make somebody else administrator of them.")


class WiderAccountError(NotAllowedError):
    """The account also works in areas that the administrator does not administer."""

    code = "wider_account"
    text = N_(
        "This account also works in areas that are not yours. Somebody who administers all of them may change it."
    )
