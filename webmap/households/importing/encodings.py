"""Which encoding a text file is in. A wrong guess would spoil every name, so whatever is doubtful is refused."""

import codecs
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from gis_layers.letters import Letters, decoded, letters_of
from webmap.households.importing.errors import FileRefusedError

CHUNK = 1024 * 1024
TCVN3, VNI = "tcvn3", "vni"
OURS = {TCVN3: Letters.TCVN3, VNI: Letters.VNI}
"""Encodings that Python has no codec for."""

LEAST_CERTAINTY = 0.15

SAMPLE = 400_000

EIGHT_BIT = {Letters.CP1258: "cp1258", Letters.TCVN3: TCVN3, Letters.VNI: VNI}
"""Eight-bit encodings: which one it is, the share of Vietnamese syllables tells."""


def encoding_of(path: Path) -> str:
    """Return a codec name that reads the whole file. Raises FileRefusedError when none is certain."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _checked(path, "utf-16")
    if b"\0" in head:
        return _checked(path, _utf16_without_mark(head))
    if _reads(path, "utf-8-sig"):
        return "utf-8-sig"
    with path.open("rb") as stream:
        found = letters_of(_beyond_ascii(stream))
    codec = EIGHT_BIT.get(found.letters, "")
    if codec and found.certainty >= LEAST_CERTAINTY and (codec in OURS or _reads(path, codec)):
        return codec
    raise FileRefusedError("unknown_encoding")


def _beyond_ascii(stream: IO[bytes]) -> bytes:
    """The first lines of a file that hold more than plain ASCII."""
    lines = (line for line in stream if not line.isascii())
    sample = bytearray()
    for line in lines:
        sample += line
        if len(sample) > SAMPLE:
            break
    return bytes(sample)


@contextmanager
def opened(path: Path, encoding: str) -> Iterator[Iterable[str]]:
    """The lines of a text file, in an encoding that `encoding_of` named."""
    if encoding not in OURS:
        with path.open(encoding=encoding, newline="") as stream:
            yield stream
        return
    with path.open("rb") as raw:
        yield (decoded(line, OURS[encoding]) for line in raw)


def _utf16_without_mark(head: bytes) -> str:
    """Text in the Latin script has a zero in every other byte; anything else with zeros is no text."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > half * 0.3 and even < half * 0.05:
        return "utf-16-le"
    if even > half * 0.3 and odd < half * 0.05:
        return "utf-16-be"
    raise FileRefusedError("no_table")


def _checked(path: Path, codec: str) -> str:
    if not _reads(path, codec):
        raise FileRefusedError("unknown_encoding")
    return codec


def _reads(path: Path, codec: str) -> bool:
    decoder = codecs.getincrementaldecoder(codec)()
    with path.open("rb") as stream:
        try:
            while chunk := stream.read(CHUNK):
                text = decoder.decode(chunk)
                if "\0" in text:
                    raise FileRefusedError("no_table")
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
