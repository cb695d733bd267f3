"""The numbers in docs/formats.md. `python -m tests.gis_layers.sources.format_table` writes them."""

from collections import Counter
from pathlib import Path

from gis_layers.sources.osm import features as osm_features
from gis_layers.sources.osm import summary
from gis_layers.sources.recognise import OSM_KINDS, FileKind, recognise
from gis_layers.sources.vector_files import Held, Layer, features, layers, reading_of
from tests.architecture.tables import with_table

ROOT = Path(__file__).parents[3]
DOCUMENT = ROOT / "docs" / "formats.md"
FILES = (
    *(f"admin/communes_2025_{name}.geojson" for name in ("lao_cai", "an_giang", "quang_tri", "son_la")),
    "admin/communes_2025_campaign_fullres.geojson",
    "admin/provinces_2025.geojson",
    "admin/districts_pre2025_4prov.geojson",
    "admin/communes_2009_campaign_districts.geojson",
    "admin/trap_triple_overlap_lao_cai.geojson",
    "admin/communes_2025.csv",
    "admin/units_3level_2025-03-01.csv",
    "admin/old_to_new_2025.csv",
    "osm/hanoi_cat_linh_2023.osm.pbf",
    "osm/hanoi_dong_da_streets_2023.osm.pbf",
    "osm/hanoi_small_export.osm",
    "osm/overpass_hanoi_sample.json",
    "osm/hanoi_cat_linh_vn2000.gpkg",
    "osm/kathmandu_hot_extract.geojson",
    *(f"osm/vulamba_drc_{name}.geojson" for name in ("boundary", "buildings", "workareas")),
    "osm/janakpur_ward2_buildings.geojson",
    "osm/open_buildings_v3_nigeria_west.csv",
    "osm/open_buildings_v3_nigeria_west.parquet",
    *(
        f"survey/xa_2009_{name}"
        for name in (
            "utf8.csv",
            "utf8_bom.csv",
            "utf8_nfd.csv",
            "utf16le_bom_tab.csv",
            "tcvn3.csv",
            "vni.csv",
            "cp1258.csv",
            "semicolon_comma_decimal.csv",
            "tcvn3_shp.zip",
        )
    ),
    "survey/vn2000_points.csv",
    "survey/kobo_villages_a.csv",
    "survey/addresses_hanoi_osm.csv",
)
WORDS = {
    "Alley": "pieces of way",
    "Building": "buildings",
    "Address": "addresses",
    "Water": "waters",
    "Place": "places",
}


def table(shared_data: Path) -> str:
    """Read every file and tell what it holds."""
    rows = ["| file | kind | what it holds | in | letters | held |", "|---|---|---|---|---|---|"]
    for name in FILES:
        path = shared_data / name
        kind = recognise(path)
        if kind in OSM_KINDS:
            rows.append(f"| {name} | `{kind}` | {_osm(path)} | WGS 84 | utf-8 | shapes |")
        else:
            rows += [_row(name, path, kind, layer) for layer in layers(path)]
    return "\n".join(rows) + "\n"


def _osm(path: Path) -> str:
    about = summary(path)
    found = Counter(type(one).__name__ for one in osm_features(about))
    told = [
        f"{about.counts['alleys']:,} ways",
        *(f"{found[kind]:,} {word}" for kind, word in WORDS.items() if found[kind]),
    ]
    return ", ".join([*told, f"{found['Skipped']} skipped"])


def _row(name: str, path: Path, kind: FileKind, layer: Layer) -> str:
    shapes: Counter[str] = Counter()
    for one in features(path, layer, reading_of(path, layer)):
        shapes[one.geometry.geom_type if one.geometry is not None else one.problem or "rows"] += 1
    held = f"`{layer.name}`: " if kind is FileKind.GEOPACKAGE else ""
    held += ", ".join(f"{count:,} {what}" for what, count in sorted(shapes.items()))
    crs = layer.crs.name if layer.crs else "–"
    columns = ", ".join(f"`{column}`" for column in layer.positions.columns)
    where = layer.positions.held.value.replace("_", " ") + (f": {columns}" if columns else "")
    if layer.positions.held is Held.NOTHING:
        where = "–"
    return f"| {name} | `{kind}` | {held} | {crs} | {layer.letters.letters} | {where} |"


if __name__ == "__main__":
    DOCUMENT.write_text(with_table(DOCUMENT.read_text("utf-8"), table(ROOT.parent / "shared" / "data")), "utf-8")
