"""What can go wrong with a file that is to be imported."""

from webmap.errors import InvalidError
from webmap.households.importing.reasons import FILE_REASONS


class FileRefusedError(InvalidError):
    """The file as a whole is not read. One class with many codes: each has its sentence in `reasons.py`."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__((), **facts)
        self.code = code  # type: ignore[misc]  # the code of an instance
        self.text = FILE_REASONS[code]  # type: ignore[misc]  # as above
