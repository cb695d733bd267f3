"""What a file is, told by its first bytes and never by its name."""

from enum import StrEnum
from pathlib import Path

from webmap.households.importing.cells import Limits
from webmap.households.importing.errors import FileRefusedError


class Kind(StrEnum):
    """The kinds that are read. Others are named in the refusal, so that people know what to do."""

    EXCEL = "excel"
    TEXT = "text"


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Old Office files, and the wrapping of encrypted new ones."""

ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")

FOREIGN = (
    (b"%PDF", "is_pdf"),
    (b"\x89PNG", "is_picture"),
    (b"\xff\xd8\xff", "is_picture"),
    (b"GIF8", "is_picture"),
    (b"Rar!", "is_zip"),
    (b"7z\xbc\xaf", "is_zip"),
    (b"\x1f\x8b", "is_zip"),
    (b"SQLite format 3", "is_database"),
    (b"{\\rtf", "is_word"),
)


def recognise(path: Path, limits: Limits) -> Kind:
    """Say which reader takes the file. Raises FileRefusedError for what is not read."""
    size = path.stat().st_size
    if size == 0:
        raise FileRefusedError("is_empty")
    if size > limits.megabytes * 1024 * 1024:
        raise FileRefusedError("too_large", megabytes=size // (1024 * 1024), most=limits.megabytes)
    with path.open("rb") as stream:
        head = stream.read(64 * 1024)
        if head.startswith(OLE):
            if _holds(stream.read(), head):
                raise FileRefusedError("encrypted")
            return Kind.EXCEL
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Kind.EXCEL
    for sign, code in FOREIGN:
        if head.startswith(sign):
            raise FileRefusedError(code)
    if _looks_like_markup(head):
        raise FileRefusedError("is_web_page")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        raise FileRefusedError("no_table")
    return Kind.TEXT


def _holds(rest: bytes, head: bytes) -> bool:
    return ENCRYPTED_STREAM in head or ENCRYPTED_STREAM in rest


def _looks_like_markup(head: bytes) -> bool:
    """Hospital and agency systems like to save a web page under the name .xls."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    return start.startswith((b"<!doctype", b"<html", b"<?xml", b"<table", b"<meta", b"<style", b"mime-version:"))
