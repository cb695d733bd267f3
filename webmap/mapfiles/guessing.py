"""What the fields of a layer are, by their names and by what they hold."""

from typing import Any

from gis_layers.sources.vector_layer import Layer
from webmap.mapfiles.inputs import AreaFields
from webmap.text import fold

# Names of fields, folded, as they occur in files of the statistics office, of ministries and of GADM; the
# best first.
CODES = (
    "code, ma, ma xa, maxa, ma px, commune id, ward code, ma thon, ma dvhc, gso code, ma huyen, district code, ma tinh"
)
NAMES = (
    "name, ten, ten xa, commune vn, ten thon, ten dvhc, district, district vn, ten huyen, ten tinh, full name, province"
)
PARENTS = "parent code, parent, ma cha, province code, district id, ma tinh, ma huyen, province id, district code"
FIELD_NAMES = {
    "uuid": ("uuid",),
    "code": tuple(CODES.split(", ")),
    "name": tuple(NAMES.split(", ")),
    "kind": ("type", "loai", "kind", "cap", "loai dvhc"),
    "parent_code": tuple(PARENTS.split(", ")),
    "population": ("population", "dan so", "danso", "population official", "pop", "so dan", "dan so 2009"),
}
NO_NAMES = ("fid", "id", "gid", "objectid", "ogc fid", "area", "shape area", "shape leng")
LONGEST_NAME = 60

Sample = tuple[dict[str, Any], ...]


def guess_fields(layer: Layer, sample: Sample = ()) -> AreaFields:
    """Which field is what, by its name. A field serves once: the code of a district is not also its parent's.

    Without a field of names, one whose texts all differ is taken for it ("task", "Tổ").
    """
    folded = {_plain(field.name): field.name for field in layer.fields}
    taken: dict[str, str] = {}
    for role, names in FIELD_NAMES.items():
        free = (folded[name] for name in names if name in folded and folded[name] not in taken.values())
        taken[role] = next(free, "")
    if not taken["name"]:
        taken["name"] = _telling(layer, sample, set(taken.values()))
    return AreaFields(**taken)


def guess_level(layer: Layer, fields: AreaFields, sample: Sample) -> str:
    """Which level a layer is.

    The office's codes have 2 digits for provinces, 3 for districts, 5 for communes; those of the census 7.
    """
    codes = [str(row.get(fields.code) or "") for row in sample if fields.code]
    lengths = {len(code) for code in codes} if all(code.isdigit() for code in codes) else set()
    if lengths and lengths <= {1, 2} and layer.feature_count <= 70:
        return "province"
    if lengths == {3}:
        return "district"
    return "commune" if lengths and lengths <= {4, 5, 7} else "village"


def _telling(layer: Layer, sample: Sample, taken: set[str]) -> str:
    """The first field of texts that tells all features of the sample apart."""
    for field in layer.fields:
        said = [row.get(field.name) for row in sample]
        texts = {value for value in said if isinstance(value, str) and 0 < len(value) <= LONGEST_NAME}
        if field.name not in taken and _plain(field.name) not in NO_NAMES and 0 < len(texts) == len(said):
            return field.name
    return ""


def _plain(name: str) -> str:
    return fold(name).replace("_", " ")
