"""What GDAL reads for us, through pyogrio: always by a driver and a path of our choosing, in batches of Arrow.

A file comes from a stranger. It is opened by the one driver its content calls for (GDAL would otherwise run
a pipeline that a JSON file describes), read only, without other files behind it.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyogrio

from gis_layers.crs import declared
from gis_layers.errors import UnknownCrsError, UnreadableFileError
from gis_layers.letters import Letters, LettersFound, letters_of, letters_of_texts
from gis_layers.sources.columns import Mend, inner_fields, mend_for, values_of, with_inner
from gis_layers.sources.vector_layer import (
    BATCH,
    SAMPLE,
    Field,
    Layer,
    RawBatch,
    Reading,
    require_few_fields,
    shapes_of_wkb,
)

MOST_OBJECT_MEGABYTES = (
    "200"  # of one GeoJSON feature, by GDAL's estimate: half a million corners; it takes three times that
)
pyogrio.set_gdal_config_options({"OGR_GEOJSON_MAX_OBJ_SIZE": MOST_OBJECT_MEGABYTES})
KINDS = {"OFTString": "text", "OFTReal": "number", "OFTDate": "date", "OFTDateTime": "date"}


@dataclass(frozen=True, slots=True)
class Source:
    """What GDAL is to open. `name` may begin with a driver's prefix; `hidden` fields are of no interest.

    `carries_bytes`: its texts are bytes of unknown letters, handed over as Latin-1.
    """

    name: str
    carries_bytes: bool = False
    hidden: frozenset[str] = frozenset()


@contextmanager
def damage_told() -> Iterator[None]:
    """Turn GDAL's errors into ours and drop its warnings.

    Unusual file names, rings it cannot read (told per feature).
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            warnings.simplefilter("ignore", UserWarning)
            yield
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pa.ArrowException) as error:
        if "OGR_GEOJSON_MAX_OBJ_SIZE" in str(error):
            raise UnreadableFileError(reason="too_large", most_megabytes=MOST_OBJECT_MEGABYTES) from error
        raise UnreadableFileError(reason="damaged", detail=_without_paths(str(error))) from error
    except (pyogrio.errors.FeatureError, pyogrio.errors.GeometryError, UnicodeDecodeError, UnboundLocalError) as error:
        # UnboundLocalError: pyogrio 0.13 stumbles over a coordinate system that GDAL cannot write out
        raise UnreadableFileError(reason="damaged", detail=_without_paths(str(error))) from error


def layer_names(source: Source) -> list[str]:
    """List the layers that have shapes."""
    with damage_told():
        return [str(name) for name, kind in pyogrio.list_layers(source.name) if kind is not None]


def layer_of(source: Source, name: str, called: str = "") -> Layer:
    """Describe a layer, with its letters as its first features tell them."""
    with damage_told():
        info = pyogrio.read_info(source.name, layer=name, force_feature_count=True, **_encoding(source))
    require_few_fields(len(info["fields"]))
    try:
        crs = declared(info["crs"]) if info["crs"] else None
    except UnknownCrsError:
        crs = None
    kinds = zip(info["fields"], info["ogr_types"], info.get("ogr_subtypes", info["ogr_types"]), strict=True)
    fields = [Field(str(field), _kind(kind, sub)) for field, kind, sub in kinds if field not in source.hidden]
    plain = Layer(name, info["geometry_type"], int(info["features"]), tuple(fields), crs)
    sample = next(raw_batches(source, plain, most=SAMPLE * 4, mend=None), None)
    letters = _letters(source, plain, sample)
    mend = mend_for(letters.letters, are_bytes=source.carries_bytes)
    named = [Field(mend(field.name) if mend else field.name, field.kind) for field in fields]
    inner = [more for field in fields if field.kind == "json" and sample for more in _inner(field.name, sample)]
    require_few_fields(len(named) + len(inner))
    return Layer(called or name, plain.geometry_kind, plain.feature_count, (*named, *inner), crs, letters)


def gdal_batches(source: Source, name: str, layer: Layer, reading: Reading, most: int | None) -> Iterator[RawBatch]:
    """Yield the features of a layer, texts in the letters of the reading."""
    mend = mend_for(reading.letters or layer.letters.letters, are_bytes=source.carries_bytes)
    for batch in raw_batches(source, layer, name=name, most=most, mend=mend):
        yield RawBatch(batch.shapes, batch.problems, with_inner(batch.columns, layer.fields))


def raw_batches(
    source: Source, layer: Layer, *, most: int | None, mend: Mend | None, name: str = ""
) -> Iterator[RawBatch]:
    """Yield the features of a layer in batches of Arrow, column by column."""
    kinds = {field.name: field.kind for field in layer.fields}
    size = BATCH if most is None else min(BATCH, most)
    options: dict[str, Any] = {"datetime_as_string": True, "batch_size": size, **_encoding(source)}
    with (
        damage_told(),
        pyogrio.raw.open_arrow(source.name, layer=name or layer.name, use_pyarrow=True, **options) as (meta, reader),
    ):
        geometry = meta["geometry_name"] or "wkb_geometry"
        for batch in reader:
            written = batch.column(geometry).to_numpy(zero_copy_only=False)
            columns: dict[str, list[Any]] = {}
            for field, column in zip(batch.schema.names, batch.columns, strict=True):
                called = mend(field) if mend else field
                if called in kinds:
                    columns[called] = values_of(column, kinds[called], mend)
            yield RawBatch(*shapes_of_wkb(written), columns)
            if most is not None and (most := most - batch.num_rows) <= 0:
                return


def _encoding(source: Source) -> dict[str, str]:
    return {"encoding": "ISO-8859-1"} if source.carries_bytes else {}


def _letters(source: Source, layer: Layer, sample: RawBatch | None) -> LettersFound:
    names = [field.name for field in layer.fields if field.kind == "text"]
    texts = [text for name in names for text in (sample.columns[name] if sample else ()) if isinstance(text, str)]
    if source.carries_bytes:
        return letters_of("\n".join([*texts, *names]).encode("latin-1").replace(b"\0", b""))
    found = letters_of_texts(texts)
    return found if found.letters is not Letters.WINDOWS or texts else LettersFound(Letters.UTF8, 1.0)


def _inner(name: str, sample: RawBatch) -> list[Field]:
    return inner_fields(name, sample.columns[name])


def _kind(ogr_type: str, subtype: str) -> str:
    if subtype == "OFSTJSON":
        return "json"
    if ogr_type.startswith("OFTInteger") and "List" not in ogr_type:
        return "integer"
    return KINDS.get(ogr_type, "other")


def _without_paths(said: str) -> str:
    return " ".join(word for word in said.split() if "/" not in word)[:200]
