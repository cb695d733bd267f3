"""`webmap i18n`: collect the sentences of code, templates and browser modules; bring the catalogue up to date."""

import re
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).resolve().parent
CATALOGUE = HERE / "translations" / "vi" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {
    "_": None,
    "N_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "record": (3,),  # the deed, as the audit's page says it
    "job": (1,),  # the name of a job, and its steps
    "progress": (3,),
}
METHODS = [("**/static/**", "ignore"), ("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**.js", "javascript")]
OPTIONS = {"**/templates/**.html": {"trimmed": "true", "silent": "false"}}
# What a sentence takes by name, and the tags in it: a translation must have the same.
MARKS = re.compile(r"%\(\w+\)[sd]|\{\w+\}|</?\w+>")


def extract() -> Catalog:
    """All sentences in use, sorted, without places in the code (they would change with every edit)."""
    found = Catalog(project="tung-ngo", charset="utf-8")
    for folder in (HERE, HERE.parent / "gis_layers"):
        for _, _, message, comments, context in extract_from_dir(
            folder, METHODS, OPTIONS, KEYWORDS, comment_tags=("NOTE:",), strip_comment_tags=True
        ):
            found.add(message, auto_comments=comments, context=context)
    return found


def read() -> Catalog:
    """The Vietnamese catalogue as it stands."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="vi")


def update() -> None:
    """Add new sentences to the catalogue (still empty) and drop those that nobody uses any more."""
    catalogue = read() if CATALOGUE.exists() else Catalog(locale="vi", project="tung-ngo", fuzzy=False)
    catalogue.update(extract(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    with CATALOGUE.open("wb") as file:
        write_po(file, catalogue, no_location=True, sort_output=True, width=110, ignore_obsolete=True)


def compiled() -> bytes:
    """What the .mo beside the .po must hold."""
    made = BytesIO()
    write_mo(made, read())
    return made.getvalue()


def compile_all() -> None:
    """Write the .mo beside the .po."""
    CATALOGUE.with_suffix(".mo").write_bytes(compiled())


def problems() -> list[str]:
    """What keeps the Vietnamese from being complete and right: one line each."""
    catalogue = read()
    lines = [f"not in the catalogue: {wanted.id!r}" for wanted in extract() if wanted.id and wanted.id not in catalogue]
    for message in catalogue:
        if message.id:
            lines += wrong_with(message)
    return lines


def wrong_with(message: Message) -> list[str]:
    """What is wrong with one translation: fuzzy, empty, or with other placeholders than its sentence."""
    if message.fuzzy:
        return [f"fuzzy: {message.id!r}"]
    given = (
        [text or "" for text in message.string] if isinstance(message.string, list | tuple) else [message.string or ""]
    )
    if not all(given):
        return [f"no Vietnamese: {message.id!r}"]
    # Vietnamese has one plural form: it must say what the English plural says.
    source = message.id[-1] if isinstance(message.id, list | tuple) else message.id
    return [
        f"other placeholders or tags: {message.id!r} -> {text!r}"
        for text in given
        if sorted(MARKS.findall(source)) != sorted(MARKS.findall(text))
    ]
