"""The blueprint of households, and what several of its pages need."""

from collections.abc import Iterable, Sequence
from typing import IO

from flask import Blueprint, Response, request, send_file
from flask_babel import gettext

from webmap.accounts.current import current_scope
from webmap.accounts.scope import Scope
from webmap.errors import N_, NotAllowedError

blueprint = Blueprint("households", __name__)

MIMETYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class PersonsNotAllowedError(NotAllowedError):
    """The account may see figures, not persons."""

    code = "persons_not_allowed"
    text = N_("Your account may see figures, but no persons.")


def scope_with_persons() -> Scope:
    """The scope of whoever asks. Raises PersonsNotAllowedError when she may not see persons."""
    scope = current_scope()
    if not scope.sees_persons:
        raise PersonsNotAllowedError
    return scope


def is_fragment() -> bool:
    """Whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request") == "true"


def download(content: IO[bytes], name: str, kind: str) -> Response:
    """Send a file under a name; the browser never keeps it."""
    answer = send_file(content, MIMETYPES[kind], as_attachment=True, download_name=f"{name}.{kind}")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def headings(*msgids: str) -> list[str]:
    """The headings of a file in the reader's language."""
    return [str(gettext(msgid)) for msgid in msgids]


def file_of(kind: str, titles: Sequence[str], rows: Iterable[Sequence[object]], sheet: str) -> IO[bytes]:
    """The rows as csv or xlsx."""
    from webmap.households.files import csv_file, xlsx_file  # noqa: PLC0415 - xlsxwriter is slow to load

    return csv_file(titles, rows) if kind == "csv" else xlsx_file(titles, rows, sheet)
