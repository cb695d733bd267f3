"""Which household lay in which area before: needed when areas are split or merged, for the map of an earlier day."""

import runpy
from pathlib import Path

from alembic import op

revision = "0019"
down_revision = "0016"

IN_SCOPE = "in (select descendant_id from area_closure where ancestor_id = any ((select app_area_ids())::int[]))"

TABLES = f"""
create table household_move (
  household_id uuid not null references household on delete cascade,
  moved_on date not null,
  from_area_id int not null references area on delete cascade,
  to_area_id int not null references area on delete cascade,
  import_id uuid references map_import on delete set null,
  constraint pk_household_move primary key (household_id, moved_on)
);
create index ix_household_move_moved_on on household_move (moved_on);
create index ix_household_move_from_area_id on household_move (from_area_id);
create index ix_household_move_to_area_id on household_move (to_area_id);
create index ix_household_move_import_id on household_move (import_id);

alter table household_move enable row level security;
create policy scope on household_move using ((select app_role()) = 'system'
  or ((select app_sees_persons()) and (select app_role()) <> 'canvasser' and to_area_id {IN_SCOPE}));
grant select, insert, update, delete on household_move to web_app;
"""

# What a reform changes beside the map itself (webmap/areas/reform.py notes it in map_change) is undone with it.
UNDOING = """
create function map_import_undo_more() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
begin
  delete from household_move where import_id = new.id;
  update household set code = change.before ->> 'code'
    from map_change change
   where change.import_id = new.id and change.table_name = 'household' and household.number = change.row_id
     and change.before ? 'code' and household.code is distinct from change.before ->> 'code';
  delete from account_area using map_change change
   where change.import_id = new.id and change.table_name = 'account_area'
     and account_area.account_id = (change.before ->> 'account_id')::uuid
     and account_area.area_id = (change.before ->> 'area_id')::int;
  update plan set area_id = (change.before ->> 'area_id')::int, parameters = change.before -> 'parameters'
    from map_change change
   where change.import_id = new.id and change.table_name = 'plan' and plan.id = (change.before ->> 'id')::uuid;
  update route set area_id = (change.before ->> 'area_id')::int
    from map_change change
   where change.import_id = new.id and change.table_name = 'route' and route.id = (change.before ->> 'id')::uuid;
  return null;
end $$;
create trigger map_import_undo_more after update of undone_at on map_import
  for each row when (old.undone_at is null and new.undone_at is not null) execute function map_import_undo_more();
"""


# The measures are those of the counters, and are said there.
COUNTERS = runpy.run_path(str(Path(__file__).parent / "0010_coverage.py"))
MEASURES = tuple(COUNTERS["MEASURES"])


def every(form: str) -> str:
    return ", ".join(form.replace("@", name) for name in MEASURES)


GROUND = """
-- What an area was made from.
create function area_came_from(wanted int) returns int stable language sql
security definer set search_path = public, pg_temp as $$
  select coalesce(
    (select old_area_id from area_crosswalk where new_area_id = wanted order by extent = 'whole' desc, old_area_id limit 1),
    (select parent_id from area_parent where area_id = wanted order by valid_from limit 1))
$$;

-- Which areas of today stand on the ground that an area had on a day: what lay below it then and lies there still, and
-- what was made of these since. An area that began later stands for the one it came from (area_crosswalk: the whole one
-- before a part, the older before the newer), or, made from nothing, for the one it was put into.
create function area_ground(wanted int, on_day date) returns setof int stable rows 30 language sql
security definer set search_path = public, pg_temp as $$
  with recursive then_below as (
    select id from area where id = wanted and valid_from <= on_day and (valid_to is null or valid_to > on_day)
    union all
    select edge.area_id
      from then_below join area_parent edge on edge.parent_id = then_below.id and edge.valid_from <= on_day
                                           and (edge.valid_to is null or edge.valid_to > on_day)
      join area on area.id = edge.area_id and area.valid_from <= on_day
               and (area.valid_to is null or area.valid_to > on_day)
  ),
  ground as (
    select id from then_below
    union
    select later.id
      from ground cross join lateral (
        select step.new_area_id as id from area_crosswalk step where step.old_area_id = ground.id
        union
        select edge.area_id from area_parent edge
         where edge.parent_id = ground.id
           and not exists (select from area_crosswalk step where step.new_area_id = edge.area_id)
      ) next join area later on later.id = next.id and later.valid_from > on_day
     where area_came_from(later.id) = ground.id
  )
  select id from ground
$$;

-- Figures of today's households by the map of a day, of areas in the asking person's scope. A household that was moved
-- since is counted where it lay.
create function coverage_on_day(wanted int[], on_day date) returns table (area_id int, {columns}) stable language plpgsql
security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
  if app_role() not in ('system', 'admin', 'supervisor', 'leader') then
    return;
  end if;
  wanted := array(select one from unnest(wanted) one where coalesce(app_reach_of_persons() @> one, false));
  return query
  with ground as materialized (
    select one as top, area_ground(one, on_day) as area_id from unnest(wanted) one
  ),
  moved as materialized (
    select distinct on (household_id) household_id, from_area_id
      from household_move where moved_on > on_day order by household_id, moved_on
  ),
  counted as (
    select top, {measures} from ground join area_own_counter own on own.area_id = ground.area_id
    union all
    select top, {measures} from ground join coverage_delta pending on pending.area_id = ground.area_id
    union all
    select top, {plus} from moved join household on household.id = moved.household_id and household.ended_on is null
      join ground on ground.area_id = moved.from_area_id group by top
    union all
    select top, {minus} from moved join household on household.id = moved.household_id and household.ended_on is null
      join ground on ground.area_id = household.area_id group by top
  )
  select counted.top, {totals} from counted group by counted.top;
end $$;
revoke execute on function coverage_on_day from public;
grant execute on function coverage_on_day to web_app;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(UNDOING)
    text = GROUND
    for name, part in (
        ("columns", every("@ bigint")),
        ("measures", every("@")),
        ("plus", COUNTERS["sums"]("household")),
        ("minus", COUNTERS["sums"]("household", "-")),
        ("totals", every("sum(@)::bigint")),
    ):
        text = text.replace("{" + name + "}", part)
    op.execute(text)


def downgrade() -> None:
    op.execute("""
        drop trigger map_import_undo_more on map_import;
        drop function map_import_undo_more, coverage_on_day, area_ground, area_came_from;
        drop table household_move;
    """)
