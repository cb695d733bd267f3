"""What a person decides on the page of a map file: which area a row is, who gives way, how coordinates are meant."""

import json
from typing import Any

import shapely
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from gis_layers.geojson import to_geojson
from tests.builders import Village
from tests.clients import PageClient, sign_in
from tests.journey.browser import Page
from tests.webmap.mapfiles.files import BESIDE, INSIDE, Walk, sent, shown, villages, worked
from webmap.areas.models import Area


def test_villages_without_codes_are_known_by_their_names(session: Session, village: Village, walk: Any) -> None:
    content = villages(("", "hữu  tân", INSIDE), ("", "Nguyệt Áng", BESIDE))
    file = walk(content)

    file.previewed(**{"code-0": ""})

    assert file.totals() == {"area": {"changed": 1, "new": 1}}
    file.applied()
    made = session.scalars(select(Area).where(Area.name == "Nguyệt Áng")).one()
    assert made.code.startswith(session.get_one(Area, village.commune_id).code)
    again = walk(content)
    again.previewed(**{"code-0": ""})
    assert again.totals() == {"area": {"same": 2}}


def test_two_places_of_one_name_are_refused_until_they_have_codes(client: PageClient, walk: Any) -> None:
    file = walk(villages(("", "Nguyệt Áng", INSIDE), ("", "Nguyệt Áng", BESIDE)))

    file.previewed(**{"code-0": ""})

    assert file.totals() == {"area": {"refused": 2}}
    assert "there are several places named Nguyệt Áng here" in shown(client, f"{file.place}/preview")


def test_rows_whose_name_fits_several_areas_are_chosen_one_by_one(
    session: Session, client: PageClient, village: Village, walk: Any
) -> None:
    session.execute(text("update area set name = 'Hữu Tân' where id = :id"), {"id": village.second_id})
    second = session.get_one(Area, village.second_id)
    content = villages(("", "Hữu Tân", INSIDE), ("", "hữu tân", BESIDE))
    file = walk(content)
    file.previewed(**{"code-0": ""})
    assert file.totals() == {"area": {"refused": 2}}
    form = Page(shown(client, f"{file.place}/preview"), f"{file.place}/preview").form("/matches")
    names = [name for name, _ in form.values if name.startswith("match:")]
    assert [name.split(":")[1] for name in names] == ["1", "2"]
    assert f"Hữu Tân, Tân Ninh, Quảng Bình ({second.code})" in shown(client, f"{file.place}/preview")

    client.post(f"{file.place}/matches", data={names[0]: str(village.second_id), names[1]: "new"})
    worked(session, file.scope)

    assert file.totals() == {"area": {"changed": 1, "new": 1}}
    assert "As you chose." in shown(client, f"{file.place}/preview", state="changed")
    assert file.applied().state == "done"
    assert session.scalar(select(func.count()).where(Area.name.ilike("hữu tân"))) == 3
    known = text("select st_equals(boundary, st_geomfromgeojson(:shape)) from area where id = :id")
    assert session.scalar(known, {"shape": json.dumps(INSIDE), "id": village.second_id}) is True


def test_an_area_of_others_cannot_be_chosen_for_a_row(session: Session, client: PageClient, village: Village) -> None:
    session.execute(text("update area set name = 'Hữu Tân' where id = any(:ids)"),
                    {"ids": [village.second_id, village.neighbour_id]})  # fmt: skip
    counter = village.members["counter"]  # a supervisor of Tân Ninh alone
    sign_in(session, client, counter.id)
    file = Walk(session, client, counter.scope, villages(("", "Hữu Tân", INSIDE)))
    file.previewed(**{"code-0": ""})
    (name,) = {f"match:1:{file.file.choices['layers'][0]['layer']}"}  # type: ignore[index]
    assert f'value="{village.neighbour_id}"' not in shown(client, f"{file.place}/preview")

    client.post(f"{file.place}/matches", data={name: str(village.neighbour_id)})
    worked(session, file.scope)

    assert file.totals() == {"area": {"refused": 1}}


def test_overlapping_villages_are_told_and_repaired_when_that_is_ticked(
    session: Session, client: PageClient, walk: Any
) -> None:
    wide = to_geojson(shapely.box(106.61, 17.26, 106.622, 17.27))
    file = walk(villages(("v1", "Thế Lộc", wide), ("v2", "Hòa Bình", BESIDE)))
    file.previewed()
    (finding,) = file.findings("overlap")
    assert "Thế Lộc, Hòa Bình, Hữu Tân (on the map) all claim the same ground" in shown(client, f"{file.place}/preview")

    client.post(f"{file.place}/repairs", data={"repairs": finding["key"]})
    worked(session, file.scope)

    assert file.findings("overlap")[0]["is_mended"]
    file.applied()
    common = "select st_area(st_intersection(a.boundary, b.boundary)) from area a, area b"
    assert session.scalar(text(f"{common} where a.code = 'v1' and b.code = 'v2'")) < 1e-12  # type: ignore[operator]


def test_a_village_that_takes_ground_of_one_on_the_map_gives_way_and_what_nobody_covers_is_told(
    session: Session, client: PageClient, village: Village, walk: Any
) -> None:
    smaller = shapely.box(106.60, 17.26, 106.64, 17.30).wkt
    session.execute(
        text("update area set boundary = st_multi(st_geomfromtext(:wkt, 4326)) where id = :id"),
        {"wkt": smaller, "id": village.id},
    )
    file = walk(villages(("v2", "Hòa Bình", to_geojson(shapely.box(106.60, 17.25, 106.62, 17.265)))))
    file.previewed()
    (finding,) = file.findings("overlap")
    page = shown(client, f"{file.place}/preview")
    assert "Hòa Bình, Hữu Tân (on the map) all claim the same ground" in page
    assert "In Tân Ninh lies ground that no area covers, beside Hòa Bình" in page

    client.post(f"{file.place}/repairs", data={"repairs": finding["key"]})
    worked(session, file.scope)
    file.applied()

    made = "select st_equals(boundary, st_makeenvelope(106.60, 17.25, 106.62, 17.26, 4326)) from area where code = 'v2'"
    assert session.scalar(text(made)) is True
    kept = "select st_equals(boundary, st_geomfromtext(:wkt, 4326)) from area where id = :id"
    assert session.scalar(text(kept), {"wkt": smaller, "id": village.id}) is True


def test_metres_in_a_file_that_says_degrees_are_asked_about_by_place(
    session: Session, client: PageClient, village: Village, walk: Any
) -> None:
    square = {"type": "Polygon", "coordinates": [[[567e3, 1911e3], [568e3, 1911e3], [568e3, 1912e3], [567e3, 1911e3]]]}
    file = walk(villages(("v1", "Thế Lộc", square)))

    assert "but its numbers cannot be that" in file.page
    assert "VN-2000 / TM-3 106-00" in file.page
    assert "Your features would lie at" in file.page
    file.previewed(**{"crs-0": "9211", "level-0": "village", "under-0": str(village.commune_id)})
    lon = session.scalar(text("select st_x(st_centroid(shape)) from map_preview_feature"))
    assert 106.6 < lon < 106.7  # type: ignore[operator]


def test_a_file_that_names_an_earlier_year_says_so_before_its_areas_count_as_todays(
    session: Session, client: PageClient, village: Village
) -> None:
    sign_in(session, client, village.admin.id)
    old = sent(client, villages(("v1", "Thế Lộc", INSIDE)), "thon_2009.geojson").headers["Location"]
    new = sent(client, villages(("v2", "Hòa Bình", BESIDE)), "thon_2025.geojson").headers["Location"]

    assert "This file seems to be of the map of 2009." in shown(client, old)
    assert "seems to be of the map" not in shown(client, new)


def test_exchanged_axes_are_noticed(walk: Any) -> None:
    swapped = {"type": "Polygon", "coordinates": [[[17.26, 106.61], [17.27, 106.61], [17.27, 106.62], [17.26, 106.61]]]}

    assert "In this file x is north and y is east" in walk(villages(("v1", "Thế Lộc", swapped))).page
