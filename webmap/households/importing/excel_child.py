"""Reads one Excel file in a process of its own, with a ceiling on memory and time, and prints its rows as JSON lines.

Started by `workbook.py` as a plain script (`python -I excel_child.py`), so that a hostile file can exhaust, crash or
abort nothing but this process. It imports nothing of ours. The first line of its output may be a refusal.

Why the file is unpacked and packed again before the reader sees it: two programs can disagree about what a zip file
holds. Only parts that were counted and looked at here reach the reader.
"""

import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO
from xml.etree import ElementTree as ET

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

MEGABYTE = 1024 * 1024
CHUNK = 256 * 1024
SHEETS_AT_MOST = 50
SPOILED_AT_MOST = 10_000
MERGED_AT_MOST = 200_000
HEAD_ROOM = 200  # title lines and footers around the rows that are counted
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
RELATION_IDS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
OPEN_DOCUMENT = {"mimetype", "content.xml"}
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
ERROR_CELL = re.compile(rb'<c\s([^>]*\bt="e"[^>]*)>\s*(?:<f[^>]*(?:/>|>[^<]*</f>)\s*)?<v>([^<]*)</v>', re.DOTALL)
EMPTY_FORMULA = re.compile(rb"<c\s([^>]*)>\s*<f[^>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>", re.DOTALL)
CELL_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')


class RefusedError(Exception):
    """The file is not read. `code` and `facts` become a sentence in the parent."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code, self.facts = code, facts
        super().__init__(code)


def unpack(path: Path, limits: dict[str, int]) -> dict[str, bytes]:
    """Return the parts that matter, every byte counted whatever the headers claim."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError) as broken:
        raise RefusedError("damaged_zip") from broken
    with archive:
        entries = archive.infolist()
        _check_entries(entries, limits)
        left = limits["unpacked_megabytes"] * MEGABYTE
        parts: dict[str, bytes] = {}
        for entry in entries:
            if not entry.filename.endswith((".xml", ".rels", ".vml")) and entry.filename != "mimetype":
                continue  # pictures, printer settings and macros are never unpacked
            part = _read_counted(archive, entry, left, limits)
            left -= len(part)
            parts[entry.filename] = part
        return parts


def _check_entries(entries: list[zipfile.ZipInfo], limits: dict[str, int]) -> None:
    names = {entry.filename for entry in entries}
    if len(entries) > limits["parts"]:
        raise RefusedError("too_many_parts", parts=len(entries), most=limits["parts"])
    if len(names) != len(entries):
        raise RefusedError("damaged_zip")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise RefusedError("encrypted")
    if "xl/workbook.xml" not in names and not names >= OPEN_DOCUMENT:
        raise RefusedError(_other_kind(names))
    if sum(entry.file_size for entry in entries) > limits["unpacked_megabytes"] * MEGABYTE:
        raise RefusedError("unpacks_too_large", most=limits["unpacked_megabytes"])


def _other_kind(names: set[str]) -> str:
    if "xl/workbook.bin" in names:
        return "is_xlsb"
    if "word/document.xml" in names:
        return "is_word"
    return "is_zip"


def _read_counted(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int, limits: dict[str, int]) -> bytes:
    entry.file_size = left + CHUNK  # the stated size is a claim: read on to the true end, or to the limit
    packed = max(entry.compress_size, 1)
    out = io.BytesIO()
    try:
        with archive.open(entry) as stream:
            while chunk := stream.read(CHUNK):
                out.write(chunk)
                _check_growth(out.tell(), left, packed, limits)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as broken:
        raise RefusedError("damaged_zip") from broken
    except Exception as broken:  # zlib.error and lzma.LZMAError share no useful base
        if isinstance(broken, RefusedError):
            raise
        raise RefusedError("damaged_zip") from broken
    return _without_entities(out.getvalue(), entry.filename)


def _check_growth(size: int, left: int, packed: int, limits: dict[str, int]) -> None:
    if size > left:
        raise RefusedError("unpacks_too_large", most=limits["unpacked_megabytes"])
    if size > MEGABYTE and size / packed > limits["ratio"]:
        raise RefusedError("packed_too_tightly", ratio=limits["ratio"])


def _without_entities(part: bytes, name: str) -> bytes:
    """No part of a workbook needs a document type; one that has it is a bomb or a probe."""
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise RefusedError("xml_entities", part=name)
    if part[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in part[:64]:
        raise RefusedError("damaged_zip")
    return part


def repack(parts: dict[str, bytes]) -> io.BytesIO:
    clean = io.BytesIO()
    with zipfile.ZipFile(clean, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    clean.seek(0)
    return clean


def sheet_parts(parts: dict[str, bytes]) -> dict[str, str]:
    """Name of each sheet -> name of the part that holds it."""
    try:
        book = ET.fromstring(parts["xl/workbook.xml"])  # noqa: S314 - document types were refused above
        links = ET.fromstring(parts.get("xl/_rels/workbook.xml.rels", b"<none/>"))  # noqa: S314 - as above
    except ET.ParseError as broken:
        raise RefusedError("damaged_xml", part="xl/workbook.xml") from broken
    targets = {link.get("Id"): (link.get("Target") or "").lstrip("/") for link in links}
    found = {}
    for sheet in (*book.iter(f"{MAIN}sheet"), *book.iter(f"{STRICT}sheet")):
        link_id = next((sheet.get(key) for key in RELATION_IDS if sheet.get(key)), None)
        target = targets.get(link_id, "")
        found[sheet.get("name") or ""] = target if target.startswith("xl/") else f"xl/{target}"
    return found


def spoiled_cells(part: bytes) -> dict[tuple[int, int], str]:
    """Cells whose value is an error, or a formula nobody has calculated; the reader would show them as empty."""
    found: dict[tuple[int, int], str] = {}
    if b't="e"' in part:
        for match in ERROR_CELL.finditer(part):
            _note(found, match[1], match[2].decode("ascii", "replace"))
    if b"<f" in part:
        for match in EMPTY_FORMULA.finditer(part):
            _note(found, match[1], "")
    return found


def _note(found: dict[tuple[int, int], str], attributes: bytes, what: str) -> None:
    if reference := CELL_REFERENCE.search(b" " + attributes):
        column = 0
        for letter in reference[1]:
            column = column * 26 + letter - 64
        found[int(reference[2]) - 1, column - 1] = what
        if len(found) > SPOILED_AT_MOST:
            raise RefusedError("too_many_spoiled_cells", most=SPOILED_AT_MOST)


def as_json(value: object) -> object:
    if isinstance(value, datetime):
        return {"at": value.isoformat(sep=" ")}
    if isinstance(value, date):
        return {"on": value.isoformat()}
    return str(value)


def cells_of(sheet: CalamineSheet, spoiled: dict[tuple[int, int], str]) -> Iterator[tuple[int, list[Any]]]:
    """Rows with something in them, numbered as Excel shows them; columns from A on."""
    if sheet.start is None:
        return
    margin = [""] * sheet.start[1]
    spoiled_rows: dict[int, list[tuple[int, str]]] = {}
    for (row, column), what in spoiled.items():
        spoiled_rows.setdefault(row, []).append((column, what))
    for index, values in enumerate(sheet.iter_rows()):
        cells = [*margin, *(_plain(value) for value in values)]
        for column, what in spoiled_rows.get(index, ()):
            cells.extend([""] * (column + 1 - len(cells)))
            cells[column] = {"spoiled": what}
        while cells and cells[-1] == "":
            cells.pop()
        if cells:
            yield index + 1, cells


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value


def size_refusal(sheet: CalamineSheet, limits: dict[str, int]) -> RefusedError | None:
    rows, columns = (sheet.end[0] + 1, sheet.end[1] + 1) if sheet.end else (0, 0)
    if rows > limits["rows"] + HEAD_ROOM:
        return RefusedError("too_many_rows", rows=rows, most=limits["rows"], sheet=sheet.name)
    if columns > limits["columns"]:
        return RefusedError("too_many_columns", columns=columns, most=limits["columns"], sheet=sheet.name)
    return None


def opened(path: Path, limits: dict[str, int]) -> tuple[dict[str, bytes], CalamineWorkbook]:
    """Return the parts of a packed workbook, none of an old one, and the reader."""
    with path.open("rb") as stream:
        is_old = stream.read(len(OLD_OFFICE)) == OLD_OFFICE
    if is_old:
        return {}, CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
    parts = unpack(path, limits)
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise RefusedError("encrypted")
    if parts.keys() >= OPEN_DOCUMENT and b"opendocument.spreadsheet" not in parts["mimetype"]:
        raise RefusedError("is_word")
    return parts, CalamineWorkbook.from_filelike(repack(parts))


def tell(out: TextIO, path: Path, wanted: str | None, most_rows: int, limits: dict[str, int]) -> None:
    """Print each sheet, or the one that is wanted; a sheet too large is fatal only when it is the one wanted."""
    parts, book = opened(path, limits)
    places = sheet_parts(parts) if "xl/workbook.xml" in parts else {}
    listed = [sheet for sheet in book.sheets_metadata if wanted is None or sheet.name == wanted]
    if not listed:
        raise RefusedError("no_such_sheet", sheet=wanted)
    for about in listed[:SHEETS_AT_MOST]:
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(about.name)
        too_large = size_refusal(sheet, limits)
        if too_large and (wanted or len(listed) == 1):
            raise too_large
        heading = {
            "sheet": about.name,
            "hidden": about.visible != SheetVisibleEnum.Visible or too_large is not None,
            "height": sheet.end[0] + 1 if sheet.end else 0,
            "merged": [[*first, *last] for first, last in (sheet.merged_cell_ranges or [])[:MERGED_AT_MOST]],
        }
        out.write(json.dumps(heading, ensure_ascii=False) + "\n")
        if too_large is None:
            spoiled = spoiled_cells(parts.get(places.get(about.name, ""), b""))
            tell_rows(out, cells_of(sheet, spoiled), most_rows)
    out.write(json.dumps({"end": True}) + "\n")


def tell_rows(out: TextIO, rows: Iterator[tuple[int, list[Any]]], most_rows: int) -> None:
    for number, cells in rows:
        if number > most_rows:
            break
        out.write(json.dumps([number, cells], ensure_ascii=False, default=as_json) + "\n")


def main() -> None:
    request = json.loads(sys.argv[1])
    limits: dict[str, int] = request["limits"]
    memory = limits["memory_megabytes"] * MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    out = io.TextIOWrapper(sys.stdout.buffer, "utf-8", newline="\n")
    try:
        tell(out, Path(request["path"]), request["sheet"], request["most_rows"], limits)
    except RefusedError as refusal:
        out.write(json.dumps({"refused": refusal.code, "facts": refusal.facts}) + "\n")
    except PasswordError:
        out.write(json.dumps({"refused": "encrypted", "facts": {}}) + "\n")
    except MemoryError:
        out.write(json.dumps({"refused": "too_heavy", "facts": {}}) + "\n")
    except CalamineError as broken:
        out.write(json.dumps({"refused": "damaged_xml", "facts": {"part": str(broken)[:200]}}) + "\n")
    out.flush()


if __name__ == "__main__":
    main()
