"""What can go wrong, in five kinds. Capabilities derive their own; words are marked here, translated at the door."""

from typing import ClassVar


def N_(message: str) -> str:  # noqa: N802 - the usual name of a mark for translators
    """Mark a sentence for translation without translating it."""
    return message


class AppError(Exception):
    """Something that can be said to a person. `code` never changes; `text` takes `facts` by name."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "error"
    text: ClassVar[str] = N_("Something went wrong.")

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(f"{self.code}: {facts}" if facts else self.code)


class NotFoundError(AppError):
    """It does not exist, or not for the person who asks: outside one's areas things do not exist."""

    status = 404
    code = "not_found"
    text = N_("This page or record does not exist, or it is not in your areas.")


class NotAllowedError(AppError):
    """The person's role may not do this."""

    status = 403
    code = "not_allowed"
    text = N_("Your role may not do this.")


class InvalidError(AppError):
    """What was sent cannot be used. `problems` may name the fields: (field, sentence)."""

    status = 422
    code = "invalid"
    text = N_("Some of what was sent cannot be used.")

    def __init__(self, problems: tuple[tuple[str, str], ...] = (), **facts: object) -> None:
        self.problems = problems
        super().__init__(**facts)


class ConflictError(AppError):
    """Somebody else was faster, or it is there already."""

    status = 409
    code = "conflict"
    text = N_("Somebody else changed this at the same time. Please look again.")


class ChangedMeanwhileError(ConflictError):
    """It is no longer as the person saw it: somebody else saved first, and nothing of theirs is overwritten."""

    code = "changed_meanwhile"
    text = N_("Somebody changed this record meanwhile. Look at it again, then save.")


class UnavailableError(AppError):
    """It cannot be done now, and may be tried again later."""

    status = 503
    code = "unavailable"
    text = N_("This is not possible at the moment. Please try again.")
