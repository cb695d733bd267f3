"""A look at the texts of an .osm.pbf before osmium reads it.

libosmium keeps the tags of an object as texts that end in zero. A text with a zero inside, which no editor writes but
anybody can, makes it read on into memory that is not the file's (libosmium 2.23). So such files are refused here; what
else may be wrong with a file is osmium's to say.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from gis_layers.errors import UnreadableFileError

MOST_HEADER_BYTES = 64 * 1024  # as the format says
MOST_BLOB_BYTES = 32 * 1024**2
LENGTH = struct.Struct(">I")
KIND, DATA_SIZE = 1, 3  # fields of a BlobHeader
RAW, ZLIB = 1, 3  # of a Blob
OTHER_PACKINGS = frozenset((4, 5, 6, 7))
TEXTS = 1  # of a PrimitiveBlock, and of its StringTable
EMPTY_TEXTS = re.compile(rb"(?:\x0a\x00)*")


class Field(NamedTuple):
    """A field of a protobuf message: its number, and its bytes or its whole number."""

    number: int
    content: bytes
    value: int


def require_sound_texts(path: Path) -> None:
    """Raise UnreadableFileError(reason="damaged") when a text of the file holds a zero, or its frame is broken.

    Reads the file once; 200 MB take some ten seconds.
    """
    try:
        with path.open("rb") as file:
            for block in _blocks(file):
                for field in _fields(block):
                    if field.number == TEXTS and _holds_zero(field.content):
                        raise UnreadableFileError(reason="damaged", detail="a text with a zero in it")
    except (IndexError, ValueError, zlib.error) as error:
        raise UnreadableFileError(reason="damaged", detail=str(error)[:200]) from error


def slices(path: Path, size: int) -> Iterator[bytes]:
    """Yield a sound file as small ones of some `size` packed bytes: its first block, the header, before some others."""
    with path.open("rb") as file:
        head = _frame(file)
        held = [head]
        while block := _frame(file):
            held.append(block)
            if sum(map(len, held)) >= size:
                yield b"".join(held)
                held = [head]
        if len(held) > 1:
            yield b"".join(held)


def _frame(file: BinaryIO) -> bytes:
    """Return the next block as it stands in the file, b"" at its end."""
    start = file.read(LENGTH.size)
    if not start:
        return b""
    header = _exactly(file, LENGTH.unpack(start)[0])
    size = next(field.value for field in _fields(header) if field.number == DATA_SIZE)
    return start + header + _exactly(file, size)


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    while start := file.read(LENGTH.size):
        if len(start) < LENGTH.size or (size := LENGTH.unpack(start)[0]) > MOST_HEADER_BYTES:
            raise ValueError("length of a header")
        header = {field.number: field for field in _fields(_exactly(file, size))}
        if DATA_SIZE not in header or header[DATA_SIZE].value > MOST_BLOB_BYTES:
            raise ValueError("length of a blob")
        blob = _exactly(file, header[DATA_SIZE].value)
        if KIND in header and header[KIND].content == b"OSMData":
            yield _unpacked(blob)


def _exactly(file: BinaryIO, size: int) -> bytes:
    content = file.read(size)
    if len(content) < size:
        raise ValueError("the file breaks off")
    return content


def _unpacked(blob: bytes) -> bytes:
    content = b""
    for field in _fields(blob):
        if field.number == RAW:
            content = field.content
        elif field.number == ZLIB:
            unpacking = zlib.decompressobj()
            content = unpacking.decompress(field.content, MOST_BLOB_BYTES)
            if unpacking.unconsumed_tail:
                raise ValueError("size of a blob")
        elif field.number in OTHER_PACKINGS:
            raise ValueError("packed in another way than zlib")
    return content


def _holds_zero(table: bytes) -> bool:
    """Say whether a text of a table holds a zero. As a rule the only zero is the length of the first, empty one."""
    start = EMPTY_TEXTS.match(table)
    if b"\0" not in table[start.end() if start else 0 :]:
        return False
    return any(field.number == TEXTS and b"\0" in field.content for field in _fields(table))


def _fields(message: bytes) -> Iterator[Field]:
    """Yield the fields of a protobuf message. ValueError or IndexError when it is none."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, way = key >> 3, key & 7
        content, value = b"", 0
        if way == 0:
            value, at = _varint(message, at)
        elif way in {1, 5}:
            at += 8 if way == 1 else 4
        elif way == 2:
            size, at = _varint(message, at)
            content = message[at : at + size]
            at += size
        else:
            raise ValueError("kind of a field")
        if at > len(message):
            raise ValueError("a field breaks off")
        yield Field(number, content, value)


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 127) << shift
        at += 1
        if byte < 128:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError("a number too long")
