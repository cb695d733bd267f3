"""What can go wrong with a file that is to be imported."""


class FileRefusedError(InvalidError):
    """The file as a whole is not read. `code` and `facts` make one clear sentence (see `reasons.py`)."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts = facts
        super().__init__(**facts)
        self.code = code  # type: ignore[misc]  # the code of an instance: one class, many sentences
        self.text = FILE_REASONS[code]  # type: ignore[misc]  # as above
