"""Spoil files: bits, lengths, numbers, and the structure of JSON, XML and archives. The same for the same seed."""

import gzip
import io
import json
import random
import re
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

Mutation = Callable[[bytes, random.Random], bytes]
NUMBER = re.compile(rb"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
TAG = re.compile(rb"<[^<>]{1,300}>")
NUMBERS = (
    b"0", b"-1", b"1e309", b"-1e309", b"NaN", b"Infinity", b"1e-320", b"2147483648", b"-9223372036854775809",
    b"18446744073709551616", b"179.9999999999999", b"91", b"-90.0000001", b"9" * 400, b"0x10", b"", b"1,5", b"\xd9\xa3",
)  # fmt: skip
WORDS = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3\x28", b'"', b"'", b"\\u0000", b"\\ud800", b"{", b"[", b"]]>",
    b"<![CDATA[", b"&amp;", b"&x;", b"<!DOCTYPE x>", b"\r", b"\n" * 50, b"%n%s", b"../", b"=cmd|x", b"SRID=9999;",
    b"EMPTY", b"POLYGON((", b"coordinates", b"null", b"FeatureCollection", b"PK\x03\x04", b"\x1f\x8b\x08", b"A" * 5000,
)  # fmt: skip
LENGTHS = (0, 1, 0x7F, 0x80, 0xFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x7FFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF)


def spoilt(content: bytes, chance: random.Random) -> bytes:
    """Return a file with one to five things wrong."""
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 5))):
        content = chance.choice(_mutations_for(content))(content, chance)
        if len(content) > 400_000:
            content = content[:400_000]
    return content


def _mutations_for(content: bytes) -> tuple[Mutation, ...]:
    head = content.lstrip()[:1]
    if content.startswith(b"PK\x03\x04"):
        more: tuple[Mutation, ...] = (_in_a_zip, _in_a_zip, _in_a_zip, _in_a_zip, _in_a_zip, _names_of_a_zip)
    elif content.startswith(b"\x1f\x8b"):
        more = (_in_a_gzip, _in_a_gzip, _in_a_gzip, _in_a_gzip)
    elif head in {b"{", b"["}:
        more = (_number, _number, _word, _in_json, _in_json, _in_json, _in_json)
    elif head == b"<":
        more = (_number, _number, _number, _word, _in_xml, _in_xml, _in_xml)
    elif b"\0" not in content[:200]:
        more = (_number, _number, _word, _cells, _cells)
    else:
        more = (_length, _length, _length)
    return (*BYTES, *more)


def _bits(content: bytes, chance: random.Random) -> bytes:
    held = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 4, 16, 64))):
        if held:
            held[chance.randrange(len(held))] ^= 1 << chance.randrange(8)
    return bytes(held)


def _bytes(content: bytes, chance: random.Random) -> bytes:
    at, length = _place(content, chance)
    return content[:at] + chance.randbytes(length) + content[at + length :]


def _cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _drop(content: bytes, chance: random.Random) -> bytes:
    at, length = _place(content, chance)
    return content[:at] + content[at + length :]


def _twice(content: bytes, chance: random.Random) -> bytes:
    at, length = _place(content, chance)
    return content[: at + length] + content[at : at + length] * chance.choice((1, 1, 2, 50)) + content[at + length :]


def _splice(content: bytes, chance: random.Random) -> bytes:
    at, length = _place(content, chance)
    other = chance.randrange(len(content) + 1)
    return content[:other] + content[at : at + length] + content[other:]


def _length(content: bytes, chance: random.Random) -> bytes:
    """Put a telling number where a length, a count or an offset may stand."""
    size = chance.choice((1, 2, 4, 8))
    value = (chance.choice(LENGTHS) & (1 << 8 * size) - 1).to_bytes(size, chance.choice(("little", "big")))
    at = chance.randrange(min(len(content), chance.choice((128, 4096, 1 << 30))) or 1)
    return content[:at] + value + content[at + size :]


def _word(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content) + 1)
    return content[:at] + chance.choice(WORDS) + content[at:]


def _number(content: bytes, chance: random.Random) -> bytes:
    return _replaced(NUMBER, content, chance, lambda _: chance.choice(NUMBERS))


def _in_xml(content: bytes, chance: random.Random) -> bytes:
    tags = TAG.findall(content) or [b"<a>"]
    other = chance.choice(tags)
    choices: tuple[Callable[[bytes], bytes], ...] = (
        lambda _: b"",
        lambda tag: tag + tag,
        lambda tag: tag * 100,
        lambda tag: tag + other,
        lambda _: other,
        lambda tag: tag.replace(b"'", b"&quot;").replace(b'"', b"'"),
        lambda tag: tag[:-1] + b" x='&lt;' x='2'>",
    )
    return _replaced(TAG, content, chance, chance.choice(choices))


def _in_json(content: bytes, chance: random.Random) -> bytes:
    try:
        lines = [json.loads(line) for line in (content.splitlines() if content.count(b"\n") < 20 else [content])]
    except (ValueError, RecursionError):
        return _bits(content, chance)
    place = chance.randrange(len(lines)) if lines else 0
    if lines:
        lines[place] = _edited(lines[place], chance)
    try:
        return "\n".join(json.dumps(line, ensure_ascii=chance.random() < 0.5) for line in lines).encode(
            "utf-8", "replace"
        )
    except (ValueError, RecursionError):
        return content


def _edited(tree: Any, chance: random.Random) -> Any:
    """Change one node, somewhere in the tree."""
    if isinstance(tree, dict) and tree and chance.random() < 0.85:
        return _edited_object(tree, chance.choice(list(tree)), chance)
    if isinstance(tree, list) and tree and chance.random() < 0.85:
        return _edited_list(tree, chance.randrange(len(tree)), chance)
    deep: Any = tree
    for _ in range(chance.choice((1, 2, 400))):
        deep = [deep]
    return chance.choice((*ODD, deep))


def _edited_object(tree: dict[str, Any], key: str, chance: random.Random) -> dict[str, Any]:
    how = chance.random()
    if how < 0.15:
        other = chance.choice(("type", "x" * 300, ""))
        return {(other if one == key else one): tree[one] for one in tree}
    if how < 0.3:
        return {one: tree[one] for one in tree if one != key}
    return {**tree, key: _edited(tree[key], chance)}


def _edited_list(tree: list[Any], at: int, chance: random.Random) -> list[Any]:
    how = chance.random()
    if how < 0.15:
        return tree[:at] + tree[at + 1 :]
    if how < 0.25:
        return tree[: at + 1] + tree[at:]
    return [*tree[:at], _edited(tree[at], chance), *tree[at + 1 :]]


def _cells(content: bytes, chance: random.Random) -> bytes:
    lines = content.split(b"\n")
    at = chance.randrange(len(lines))
    signs = (b";", b",", b"\t", b'"', b'""', b"\r", b"|")
    choices = (
        lines[at] * 2,
        lines[at].replace(chance.choice(signs), chance.choice(signs)),
        chance.choice(signs) * chance.choice((1, 3, 1000)),
        lines[at] + chance.choice(signs) + b"x",
        b"",
        lines[at][::-1],
    )
    lines[at] = chance.choice(choices)
    return b"\n".join(lines)


def _in_a_zip(content: bytes, chance: random.Random) -> bytes:
    """Spoil what is inside, and wrap it up soundly again."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [(one.filename, archive.read(one)) for one in archive.infolist()]
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError):
        return _bits(content, chance)
    if not parts:
        return content
    at = chance.randrange(len(parts))
    inner = parts[at][1]
    parts[at] = (parts[at][0], chance.choice(_mutations_for(inner))(inner, chance))
    return _zipped(parts)


def _names_of_a_zip(content: bytes, chance: random.Random) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [(one.filename, archive.read(one)) for one in archive.infolist()]
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError):
        return _bits(content, chance)
    if not parts:
        return content
    at = chance.randrange(len(parts))
    names = (
        parts[0][0],
        "../x.shp",
        "/x.kml",
        "a/b/c.shp",
        "",
        "x" * 300 + ".shp",
        "C:\\x.shp",
        "x.SHP",
        "doc.kml",
        "a\0b",
    )
    parts[at] = (chance.choice(names), parts[at][1])
    return _zipped(parts if chance.random() < 0.7 else parts[:at] + parts[at + 1 :])


def _zipped(parts: list[tuple[str, bytes]]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inner in parts:
            archive.writestr(zipfile.ZipInfo(name), inner)
    return held.getvalue()


def _in_a_gzip(content: bytes, chance: random.Random) -> bytes:
    try:
        inner = gzip.decompress(content)
    except (OSError, EOFError, zlib.error):
        return _bits(content, chance)
    return gzip.compress(chance.choice(_mutations_for(inner))(inner, chance), 1)


def _replaced(pattern: re.Pattern[bytes], content: bytes, chance: random.Random, by: Callable[[bytes], bytes]) -> bytes:
    found = list(pattern.finditer(content))
    if not found:
        return _bits(content, chance)
    one = chance.choice(found)
    return content[: one.start()] + by(one[0]) + content[one.end() :]


def _place(content: bytes, chance: random.Random) -> tuple[int, int]:
    return chance.randrange(len(content) + 1), chance.choice((1, 1, 2, 4, 8, 32, 256))


BYTES: tuple[Mutation, ...] = (_bits, _bits, _bytes, _cut, _drop, _twice, _splice)
ODD: tuple[Any, ...] = (
    None, True, {}, [], "", "\ud800", "a\0b", -0.0, float("nan"), float("inf"), 1e308, 10**40, "Point",
    "GeometryCollection", {"type": "Feature"}, [[[]]], {"coordinates": [[1]]},
)  # fmt: skip
