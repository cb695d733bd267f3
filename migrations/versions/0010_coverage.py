"""Coverage: the rules in SQL, and figures of areas and map cells that are maintained at every write."""

import re
from pathlib import Path

from alembic import op

revision = "0010"
down_revision = "0009"

VIEWS = Path(__file__).parent.parent / "views"

# What is counted of each door: name in the counters, and how it is read from a row of household.
STATUSES = ("covered", "partly", "uncovered", "expiring", "reported", "pledged", "unknown")
MEASURES = {
    "households": "1",
    "placed": "({row}.point is not null)::int",
    "visited": "({row}.last_visit_at is not null)::int",
    **{f"{status}_households": f"({{row}}.status = '{status}')::int" for status in STATUSES},
    "registered": "{row}.registered_count::int",
    "living": "{row}.living_count::int",
    "covered": "{row}.covered_count::int",
    "living_covered": "{row}.living_covered_count::int",
    "expiring": "{row}.expiring_count::int",
}
CELL_MEASURES = ("households", "registered", "living", "covered", "living_covered")
PLACE = "{row}.area_id, {row}.point, {row}.ended_on"
# What else the map shows of a door: when none of it differs, nothing is written.
SHOWN = (
    "{row}.status, {row}.door_mark, {row}.code, {row}.last_visit_at is null, "
    "{row}.registered_count, {row}.living_count, {row}.covered_count, {row}.living_covered_count, {row}.expiring_count"
)

IN_SCOPE = "coalesce((select app_reach_of_persons()) @> area_id, false)"
# A square may hold a single door: canvassers, who see the doors of their own walks only, get none.
NOT_WALKING = dict.fromkeys(("coverage_cell", "coverage_wide_cell"), "and (select app_role()) <> 'canvasser'")
SECURITY = "".join(
    f"""
alter table {table} enable row level security;
create policy scope on {table} using ({IN_SCOPE} {NOT_WALKING.get(table, "")});
grant select on {table} to web_app;
"""
    for table in ("coverage_delta", "area_counter", "coverage_cell", "coverage_wide_cell")
)
RIGHTS = """
alter table area_own_counter enable row level security;
revoke execute on function coverage_recount, coverage_rebuild, coverage_drift, coverage_fold, coverage_refresh
  from public;
grant execute on function coverage_drift, coverage_fold, coverage_refresh to web_app;
"""

REFRESH = {
    "coverage_refresh": {
        "arguments": "wanted uuid[], ",
        # always in the order of ids: two batches that share doors wait for one another and never deadlock
        "lock": "perform 1 from household where id = any(wanted) order by id for no key update;",
        "wanted": "household.id = any(wanted)",
    },
    "coverage_rebuild": {
        "arguments": "",
        "lock": "lock table household in share row exclusive mode;",
        "wanted": "true",
    },
}


def fill(text: str, **parts: str) -> str:
    """Put parts into their {places}; other braces stay."""
    for name, part in parts.items():
        text = text.replace("{" + name + "}", part)
    return text


def lines(form: str, names: tuple[str, ...] = tuple(MEASURES)) -> str:
    return ", ".join(form.replace("@", name) for name in names)


def sums(row: str, sign: str = "", names: tuple[str, ...] = tuple(MEASURES)) -> str:
    return ", ".join(f"{sign}sum({MEASURES[name].format(row=row)}) as {name}" for name in names)


def each(form: str) -> str:
    """The form, say "@new - @old", for every measure of those rows."""
    return ", ".join(re.sub(r"@(\w+)", lambda row, how=how: how.format(row=row[1]), form) for how in MEASURES.values())


def counters() -> str:
    text = (VIEWS / "0010_counters.sql").read_text("utf-8")
    tracking = fill(
        text[: text.index("create trigger coverage_added")],
        place=PLACE.format(row="newer"),
        place_before=PLACE.format(row="older"),
        differs=f"({SHOWN.format(row='newer')}) is distinct from ({SHOWN.format(row='older')})",
        differences=each("@newer - @older"),
        plus=each("@new"),
        minus=each("-(@old)"),
        plus_sums=sums("new_rows"),
        minus_sums=sums("old_rows", "-"),
    )
    rest = fill(
        text[text.index("create trigger coverage_added") :],
        plus_sums=sums("household"),
        cell_plus_sums=sums("household", names=CELL_MEASURES),
    )
    return fill(
        tracking + rest,
        measure_columns=lines("@ int not null default 0"),
        measures=lines("@"),
        sums=lines("sum(@) as @"),
        added=lines("@ = kept.@ + excluded.@"),
        replaced=lines("@ = excluded.@"),
        zeroed=lines("@ = 0"),
        negatives=lines("-@"),
        measure_total=lines("abs(@)").replace(", ", " + "),
        any_measure=lines("@ <> 0").replace(", ", " or "),
        cell_columns=lines("@ int not null", CELL_MEASURES),
        cell_measures=lines("@", CELL_MEASURES),
        cell_negatives=lines("-@", CELL_MEASURES),
        cell_sums=lines("sum(@) as @", CELL_MEASURES),
        cell_added=lines("@ = kept.@ + excluded.@", CELL_MEASURES),
        cell_any=lines("sum(@) <> 0", CELL_MEASURES).replace(", ", " or "),
    )


def run(text: str) -> None:
    op.get_bind().exec_driver_sql(text.replace("%", "%%"))


def upgrade() -> None:
    run((VIEWS / "0010_rules.sql").read_text("utf-8"))
    refresh = (VIEWS / "0010_refresh.sql").read_text("utf-8")
    for name, parts in REFRESH.items():
        run(fill(refresh, name=name, **parts))
    run(counters())
    run(SECURITY)
    run(RIGHTS)


def downgrade() -> None:
    run("""
        drop trigger coverage_added on household;
        drop trigger coverage_removed on household;
        drop trigger coverage_changed on household;
        drop trigger coverage_moved on household;
        drop trigger coverage_retree on area_closure;
        drop function coverage_drift, coverage_recount, coverage_retree, coverage_fold, coverage_track, coverage_track_moved;
        drop view coverage_recount_own, coverage_recount_cell, coverage_recount_square, coverage_recount_wide_cell;
        drop table coverage_wide_cell, coverage_cell, area_counter, area_own_counter, coverage_delta;
        drop function coverage_column, coverage_row;
        drop function coverage_refresh, coverage_rebuild, coverage_warning_days, coverage_household_status,
          coverage_person_status, coverage_cover, coverage_cover_of_several;
    """)
