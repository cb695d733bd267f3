"""The demo's invented past: another map until 30 June 2025, and how its areas stood on each of the last days.

Until then the two communes lay in two districts, which became the one of today, and Hòa Bình belonged to Phú Hạ.
Nobody moved: by the earlier map the same households are counted elsewhere.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from webmap.areas.models import Area, AreaCrosswalk, AreaParent
from webmap.database.sql_files import sql
from webmap.demo.places import DISTRICT, KINDS, VALID_FROM, Tree

REFORM = date(2025, 7, 1)
FORMER_DISTRICTS = (("Phong Lộc", "DEMO-PL"), ("Khang Lộc", "DEMO-KL"))  # of the first commune, of the second
MOVED_VILLAGE = 4  # of the first commune: Hòa Bình
DAYS_KEPT = 30  # farther back, the cards that pupils had before this school year would be missed


@dataclass(frozen=True, slots=True)
class Former:
    """A district that is no more, with the commune that lay in it."""

    district: Area
    commune_id: int


def plant_former_map(session: Session, tree: Tree, source_id: int) -> None:
    """Give the default world, planted just now, the map it had before the reform."""
    (province_id,), (district_id,) = tree.provinces, tree.districts
    home, next_door = tree.communes
    today = session.get_one(Area, district_id)
    today.valid_from = REFORM
    _since(session, [*tree.communes, district_id], REFORM)
    for (name, code), commune_id in zip(FORMER_DISTRICTS, (home, next_door), strict=True):
        former = _former_district(session, name, code, commune_id, source_id)
        session.add_all(
            (
                AreaParent(area_id=former.id, parent_id=province_id, valid_from=VALID_FROM, valid_to=REFORM),
                AreaParent(area_id=commune_id, parent_id=former.id, valid_from=VALID_FROM, valid_to=REFORM),
                AreaCrosswalk(
                    old_area_id=former.id,
                    new_area_id=district_id,
                    extent="whole",
                    changed_on=REFORM,
                    source_id=source_id,
                ),
            )
        )
    village_id = int(tree.villages[0][MOVED_VILLAGE])
    _since(session, [village_id], REFORM)
    session.add(AreaParent(area_id=village_id, parent_id=next_door, valid_from=VALID_FROM, valid_to=REFORM))
    session.flush()
    session.execute(select(func.area_tree_rebuild()))


def keep_days(session: Session, today: date) -> None:
    """Write down how all areas stood on each of the last days: today's people, by who of them held a card that day."""
    first = today - timedelta(days=DAYS_KEPT)
    session.execute(sql("webmap.demo", "keep_days"), {"first": first, "today": today})


def _former_district(session: Session, name: str, code: str, commune_id: int, source_id: int) -> Area:
    commune = session.get_one(Area, commune_id)
    former = Area(
        level_id=DISTRICT,
        name=name,
        code=code,
        kind=KINDS[DISTRICT],
        valid_from=VALID_FROM,
        valid_to=REFORM,
        population=commune.population,
        boundary=commune.boundary,
        boundary_kind="drawn",
        source_id=source_id,
    )
    session.add(former)
    session.flush()
    return former


def _since(session: Session, area_ids: list[int], day: date) -> None:
    """Let areas belong to what they belong to since a day only."""
    for edge in session.scalars(select(AreaParent).where(AreaParent.area_id.in_(area_ids))).all():
        session.add(AreaParent(area_id=edge.area_id, parent_id=edge.parent_id, valid_from=day))
        session.execute(delete(AreaParent).where(AreaParent.id == edge.id))
    session.flush()
