"""Which commune holds a point: the published answers, from the tree in the database."""

import json
from datetime import date
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.webmap.mapfiles.test_areas import bring

COVERS = text(
    "select area.code from area join area_level on area_level.id = level_id and area_level.code = 'commune'"
    " where st_covers(boundary, st_setsrid(st_point(:lon, :lat), 4326)) and valid_from <= :day"
    " and (valid_to is null or valid_to > :day) order by area.code"
)


def test_the_published_points_lie_in_the_published_communes(session: Session, shared_data: Path) -> None:
    folder = shared_data / "admin"
    bring(session, folder / "provinces_2025.geojson", "province", is_top=True)
    for name in ("lao_cai", "an_giang", "quang_tri", "son_la"):
        bring(session, folder / f"communes_2025_{name}.geojson", "commune")
    bring(session, folder / "trap_triple_overlap_lao_cai.geojson", "commune")  # as the source has them, over each other
    cases = json.loads((folder / "expected_points.json").read_text("utf-8"))["cases"]

    def codes(case: dict[str, float]) -> list[str]:
        where = {"lon": case["lon"], "lat": case["lat"], "day": date(2025, 7, 1)}
        return list(session.scalars(COVERS, where))

    assert len(cases) == 43
    assert [codes(case) for case in cases] == [sorted(case["codes"]) for case in cases]
