"""Files of old Excel (.xls, BIFF8 in an OLE container) and OpenDocument (.ods), written byte by byte for tests."""

import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

SECTOR = 512
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
OPEN_DOCUMENT = "application/vnd.oasis.opendocument.spreadsheet"
CONTENT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 office:version="1.2"><office:body><office:spreadsheet><table:table table:name="Danh sách">{rows}{tail}
</table:table></office:spreadsheet></office:body></office:document-content>"""


def ods(path: Path, rows: Sequence[Sequence[str]], tail: str = "", manifest: str = "") -> Path:
    """An OpenDocument table of texts; `tail` is put behind its rows."""
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", OPEN_DOCUMENT, zipfile.ZIP_STORED)
        archive.writestr("content.xml", CONTENT.format(rows=cells, tail=tail))
        archive.writestr("META-INF/manifest.xml", manifest or "<manifest/>")
    return path


def xls(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    """A workbook of Excel 97 with one sheet of texts."""
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 1997, 0, 6))
    sheet += _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell:
                sheet += _record(0x0204, struct.pack("<HHHHB", at, column, 0, len(cell), 1) + cell.encode("utf-16-le"))
    sheet += _record(0x000A)
    name = "Danh sach".encode("utf-16-le")
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 1997, 0, 6)) + _record(
        0x0042, struct.pack("<H", 1200)
    )
    offset = len(begin) + 4 + 8 + len(name) + 4
    named = _record(0x0085, struct.pack("<IBBBB", offset, 0, 0, len(name) // 2, 1) + name)
    path.write_bytes(_container(begin + named + _record(0x000A) + sheet))
    return path


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _container(stream: bytes) -> bytes:
    """An OLE file with the one stream 'Workbook': header, table of sectors, directory, stream."""
    stream = stream.ljust(max(4096, -(-len(stream) // SECTOR) * SECTOR), b"\0")
    many = len(stream) // SECTOR
    chain = [FAT, END, *range(3, 2 + many), END]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(SECTOR, b"\xff")
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0, 0) + struct.pack("<108I", *[FREE] * 108)
    directory = _entry("Root Entry", 5, 1, END, 0) + _entry("Workbook", 2, FREE, 2, len(stream))
    return header + table + directory.ljust(SECTOR, b"\0") + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    written = name.encode("utf-16-le")
    body = written.ljust(64, b"\0") + struct.pack("<HBB", len(written) + 2, kind, 1)
    return body + struct.pack("<III", FREE, FREE, child) + bytes(36) + struct.pack("<IQ", start, size)
