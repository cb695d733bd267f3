"""Loading outlines of buildings: our way beside SQLAlchemy Core's insert of the same rows.

    python benchmarks/buildings.py [--buildings 1000000] [--rounds 1]

Both write into the table as it stands, with the same indexes, references, checks and triggers, as the role the web
server has, and commit. Ours is the whole of what an import does: reading columns, COPY to a stage, finding what is
there already, and adding what is not. Core gets the rows as Python values, and sends as many to a statement as it can
hold.
"""

import argparse
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import shapely
from geoalchemy2 import WKBElement
from sqlalchemy import Table, insert, text
from sqlalchemy.orm import Session

sys.path.insert(0, str(Path(__file__).parents[1]))

from webmap.accounts.scope import SYSTEM
from webmap.areas.models import Source
from webmap.database import migrate, private_server
from webmap.database.engine import connect, owner_engine, patient_transaction
from webmap.streets.buildings import BuildingFields, load_buildings
from webmap.streets.counts import Reach
from webmap.streets.models import Building
from webmap.streets.rules import Maker

BATCH = 20_000
COLUMNS = ("full_plus_code", "confidence")


@dataclass
class FileBatch:
    """What a reader of files hands over."""

    shapes: Any
    columns: dict[str, list[Any]]


def invented(count: int) -> list[FileBatch]:
    """Rectangles turned and scattered over a province, in no order, as files of detectors are."""
    dice = np.random.default_rng(1)
    made = []
    for start in range(0, count, BATCH):
        many = min(BATCH, count - start)
        middle = np.column_stack([dice.uniform(105.2, 106.2, many), dice.uniform(20.6, 21.4, many)])
        half = dice.uniform(2, 9, (many, 2)) / 111_000
        angle = dice.uniform(0, np.pi, many)
        corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]])[None] * half[:, None]
        turn = np.stack([np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle)], -1).reshape(many, 2, 2)
        shapes = shapely.polygons(np.einsum("nij,nkj->nki", turn, corners) + middle[:, None])
        codes = [f"7PH{number:08X}" for number in range(start, start + many)]
        made.append(FileBatch(shapes, {"full_plus_code": codes, "confidence": dice.uniform(0.65, 0.98, many).tolist()}))
    return made


def by_copy(session: Session, batches: list[FileBatch], source_id: int) -> None:
    """Our way."""
    fields = BuildingFields.of_columns(COLUMNS)
    load_buildings(
        session, batches, fields, source_id, maker=Maker.GOOGLE, reach=Reach(), tell=lambda _: None
    )  # fmt: skip


def by_core(session: Session, batches: list[FileBatch], source_id: int) -> None:
    """SQLAlchemy Core: a list of rows."""
    table = cast("Table", Building.__table__)
    for batch in batches:
        written = shapely.to_wkb(shapely.set_srid(batch.shapes, 4326), include_srid=True)
        rows = [
            {
                "external_id": code,
                "confidence": confidence,
                "maker": "google",
                "is_doubtful": confidence < 0.7,
                "source_id": source_id,
                "outline": WKBElement(outline, srid=4326, extended=True),
            }
            for code, confidence, outline in zip(*batch.columns.values(), written, strict=True)
        ]
        session.execute(insert(table), rows)


def timed(url: str, load: Any, batches: list[FileBatch]) -> float:
    """Load everything in one transaction, measure until it is committed, and take it out again."""
    connect(url)
    began = time.perf_counter()
    with patient_transaction(SYSTEM) as session:
        source = Source(name="benchmark", kind="streets")
        session.add(source)
        session.flush()
        load(session, batches, source.id)
    seconds = time.perf_counter() - began
    owner = owner_engine(url)
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        print(f"  {load.__name__}: {connection.scalar(text('select count(*) from building')):,} in {seconds:.1f} s")
        connection.exec_driver_sql("truncate building cascade")
        connection.exec_driver_sql("checkpoint")
    owner.dispose()
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--buildings", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=1)
    chosen = parser.parse_args()
    batches = invented(chosen.buildings)
    with tempfile.TemporaryDirectory(prefix="webmap-load-") as folder:
        Path(folder).chmod(0o755)
        with private_server.using(Path(folder) / "server") as url:
            migrate.upgrade(url)
            pairs = [(timed(url, by_copy, batches), timed(url, by_core, batches)) for _ in range(chosen.rounds)]
    ours, core = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(theirs / own for own, theirs in pairs)
    print(
        f"{chosen.buildings:,} buildings: ours {ours:.1f} s ({chosen.buildings / ours:,.0f}/s), "
        f"Core {core:.1f} s ({chosen.buildings / core:,.0f}/s), ratio {ratio:.1f}x"
    )


if __name__ == "__main__":
    main()
