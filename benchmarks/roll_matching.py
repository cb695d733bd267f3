"""How good the matching of rolls is: precision and recall of automatic matches, and the curve over thresholds.

    python benchmarks/roll_matching.py [PEOPLE] [SEED]

The register and the roll are invented by a seeded generator, so the truth is known: slips, missing marks, swapped day
and month, years alone, changed villages, twins, many people of one name. A throw-away database is made and removed.
"""

import sys
import tempfile
from pathlib import Path
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests import cluster
from tests.webmap.roll import generated
from webmap import clock
from webmap.accounts.scope import SYSTEM
from webmap.app import load_models
from webmap.areas.models import Area, AreaParent
from webmap.database.engine import connect, patient_transaction
from webmap.roll import checking, rules, runs

PEOPLE_OF_A_VILLAGE = 1000
SINCE = clock.today().replace(year=2020)


def villages(session: Session, many: int) -> tuple[int, list[int], list[str]]:
    """A commune and its villages: its id, theirs, their names."""
    commune = Area(level_id=4, code="C", name="Xã thử", valid_from=SINCE)
    names = [f"Thôn Số {number}" for number in range(many)]
    below = [Area(level_id=5, code=f"V{at}", name=name, valid_from=SINCE) for at, name in enumerate(names)]
    session.add_all([commune, *below])
    session.flush()
    session.add_all(AreaParent(area_id=one.id, parent_id=commune.id, valid_from=SINCE) for one in below)
    session.flush()
    session.execute(text("select area_tree_rebuild()"))
    return commune.id, [one.id for one in below], names


def measured(session: Session, area_id: int, path: Path) -> UUID:
    roll = runs.begin_with(
        session, SYSTEM, area_id, path, listed_on=clock.today(), is_complete=False, purpose="p", legal_basis="l"
    )
    checking.check(session, SYSTEM, roll.id, path)
    return roll.id


def curve(session: Session, roll_id: UUID, truth: dict[int, UUID | None]) -> None:
    """The best of each row's candidates, taken from each threshold on."""
    best = session.execute(
        text(
            "select distinct on (row_number) row_number, person_id, confidence from roll_candidate"
            " where import_id = :id order by row_number, confidence desc"
        ),
        {"id": roll_id},
    ).all()
    findable = sum(one is not None for one in truth.values())
    print("threshold  precision  recall")
    for threshold in (0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999):
        taken = [(row, person) for row, person, confidence in best if confidence >= threshold]
        right = sum(truth[row] == person for row, person in taken)
        print(f"{threshold:9}  {right / max(len(taken), 1):9.2%}  {right / findable:6.2%}")


def main() -> None:
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    cluster.choose_folder()
    load_models()
    url = cluster.new_database("roll_matching")
    engine = connect(url)
    try:
        with patient_transaction(SYSTEM) as session, tempfile.TemporaryDirectory() as folder:
            area_id, village_ids, names = villages(session, max(2, many // PEOPLE_OF_A_VILLAGE))
            register = list(generated.people(seed, many, len(names)))
            generated.fill(session, register, village_ids)
            path = Path(folder) / "roll.csv"
            for what, coded in (("names alone", 0.0), ("nine of ten with a code", 0.9)):
                rates = generated.Rates(coded=coded)
                truth = generated.write_roll(path, generated.roll_rows(seed, register, names, rates))
                found = generated.quality(session, measured(session, area_id, path), truth)
                print(f"{what}: {len(truth):,} rows, {many:,} people: precision {found.precision:.3%}, "
                      f"recall {found.recall:.2%}, left to a person {found.doubtful:.2%}")  # fmt: skip
            truth = generated.write_roll(path, generated.roll_rows(seed, register, names, generated.Rates()))
            rules.AUTOMATIC = 1.1  # type: ignore[misc]  # nothing is taken: all candidates are kept, for the curve
            curve(session, measured(session, area_id, path), truth)
    finally:
        engine.dispose()
        cluster.drop_database(url)
        cluster.remove()


if __name__ == "__main__":
    main()
