"""Where data come from, and the dated tree of places."""

from alembic import op

revision = "0002"
down_revision = "0001"

TABLES = """
create table source (
  id int generated always as identity primary key,
  name text not null,
  kind text not null check (kind in ('areas', 'streets', 'households', 'demo', 'hand')),
  licence text,
  attribution text,
  dated_on date,
  file_name text,
  sha256 text,
  is_invented boolean not null default false,
  added_at timestamptz not null default now()
);

create table area_level (
  id smallint primary key,
  code text not null,
  depth smallint not null,
  label_vi text not null,
  label_en text not null,
  constraint uq_area_level_code unique (code),
  constraint uq_area_level_depth unique (depth)
);
insert into area_level (id, code, depth, label_vi, label_en) values
  (1, 'country', 0, 'Quốc gia', 'Country'),
  (2, 'province', 10, 'Tỉnh, thành phố', 'Province'),
  (3, 'district', 20, 'Cấp huyện (trước 1/7/2025)', 'District (before 1 July 2025)'),
  (4, 'commune', 30, 'Xã, phường, đặc khu', 'Commune'),
  (5, 'village', 40, 'Thôn, bản, khóm, tổ', 'Village');

create table area (
  id int generated always as identity primary key,
  uuid uuid not null default gen_random_uuid(),
  level_id smallint not null references area_level,
  code text not null,
  name text not null,
  kind text,
  valid_from date not null,
  valid_to date,
  population int,
  population_doubt text,
  boundary geometry(MultiPolygon, 4326),
  boundary_kind text not null default 'none',
  source_id int references source,
  parent_id int references area,
  path ltree,
  updated_at timestamptz not null default now(),
  constraint ck_area_boundary_kind check (boundary_kind in ('official', 'drawn', 'hull', 'none')),
  constraint ck_area_boundary_is_named check ((boundary is null) = (boundary_kind = 'none')),
  constraint ck_area_population_doubt check (population_doubt in ('implausible', 'missing', 'swapped')),
  constraint ck_area_validity check (valid_to is null or valid_to > valid_from),
  constraint uq_area_code_valid_from unique (code, valid_from),
  constraint uq_area_uuid unique (uuid)
);
create index ix_area_parent_id on area (parent_id);
create index ix_area_path on area using gist (path);
create index ix_area_boundary on area using gist (boundary);

-- Who belonged to whom, and when. `area.parent_id` and `area.path` are today's answer, made from this.
create table area_parent (
  id int generated always as identity primary key,
  area_id int not null references area on delete cascade,
  parent_id int not null references area,
  valid_from date not null,
  valid_to date,
  constraint uq_area_parent_area_id_valid_from unique (area_id, valid_from),
  constraint ck_area_parent_validity check (valid_to is null or valid_to > valid_from)
);
create index ix_area_parent_parent_id on area_parent (parent_id);

-- Which area became which when the map was redrawn. 'part': the old area was split, and a door's own place decides.
create table area_crosswalk (
  id int generated always as identity primary key,
  old_area_id int not null references area on delete cascade,
  new_area_id int not null references area on delete cascade,
  extent text not null,
  changed_on date not null,
  source_id int references source,
  constraint ck_area_crosswalk_extent check (extent in ('whole', 'part')),
  constraint uq_area_crosswalk_old_area_id_new_area_id unique (old_area_id, new_area_id)
);
create index ix_area_crosswalk_new_area_id on area_crosswalk (new_area_id);

-- Every area and all below it (itself too), of today's tree.
create table area_closure (
  ancestor_id int not null references area on delete cascade,
  descendant_id int not null references area on delete cascade,
  depth smallint not null,
  constraint pk_area_closure primary key (ancestor_id, descendant_id)
);
create index ix_area_closure_descendant_id on area_closure (descendant_id);

-- The same once more, for policies: the ids of an area and all below it, as ranges. Ids given in one go lie side by
-- side, so a whole province is a few ranges: asking whether it holds an id costs next to nothing.
create table area_reach (
  area_id int not null references area on delete cascade,
  reach int4multirange not null,
  constraint pk_area_reach primary key (area_id)
);
"""

# What a policy asks once for each query, and then of each row: (select app_reach()) @> area_id.
REACH = """
create function app_reach() returns int4multirange stable parallel safe language plpgsql
set search_path = public, pg_temp as $$
begin
  if app_role() = 'system' then
    return '{(,)}';
  end if;
  return (select range_agg(reach) from area_reach where area_id = any (app_area_ids()));
end $$;
create function app_reach_of_persons() returns int4multirange stable parallel safe language sql
return case when app_sees_persons() or app_role() = 'system' then app_reach() end;
"""

# Two rebuilds at once would both write the same rows: the lock makes the second wait. Only what differs is written.
REBUILD = """
-- To which area one belonged on a day; of one that begins later: to which it will.
create function area_parent_on(wanted int, on_day date) returns int stable language sql
return (select parent_id from area_parent where area_id = wanted and (valid_to is null or valid_to > on_day)
         order by valid_from limit 1);

-- Where each area hangs on a day. One that has ended hangs where what became of it lies (area_crosswalk): below the
-- smallest area that holds all of it, so that what was written about it stays with those who have its ground now, and
-- with nobody who has only part of it. Without successors it stays where it was.
create function area_places(on_day date) returns table (area_id int, parent_id int) stable rows 15000 language sql
security definer set search_path = public, pg_temp as $$
  with recursive became as (
    select step.old_area_id as id, step.new_area_id as heir
      from area_crosswalk step join area old on old.id = step.old_area_id and old.valid_to <= on_day
    union
    select became.id, next.new_area_id
      from became join area over on over.id = became.heir and over.valid_to <= on_day
      join area_crosswalk next on next.old_area_id = became.heir
     where next.new_area_id <> became.id
  ),
  heir as (
    select became.id, became.heir, count(*) over (partition by became.id) as many
      from became join area new on new.id = became.heir and (new.valid_to is null or new.valid_to > on_day)
  ),
  above as (
    select distinct heir.heir, heir.heir as ancestor, 0 as depth from heir
    union all
    select above.heir, area_parent_on(above.ancestor, on_day), above.depth + 1
      from above where above.ancestor is not null and above.depth < 20
  ),
  meeting as (
    select heir.id, above.ancestor, min(above.depth) as depth
      from heir join above using (heir) where above.ancestor is not null
     group by heir.id, above.ancestor, heir.many having count(*) = heir.many
  ),
  place as (
    select distinct on (heir.id) heir.id, meeting.ancestor
      from heir left join meeting using (id) order by heir.id, meeting.depth
  )
  select area.id, case when place.id is null then area_parent_on(area.id, on_day) else place.ancestor end
    from area left join place on place.id = area.id
$$;

create function area_tree_rebuild(on_day date default (now() at time zone 'Asia/Ho_Chi_Minh')::date)
returns void language plpgsql security definer set search_path = public, pg_temp
set enable_nestloop = off as $$ -- a tree just filled looks empty to the planner, and row by row would take minutes
begin
  perform pg_advisory_xact_lock(hashtext('area_tree_rebuild'));
  with recursive place as materialized (select * from area_places(on_day)),
  tree as (
    select area_id, parent_id, area_id::text::ltree as path from place where parent_id is null
    union all
    select place.area_id, place.parent_id, tree.path || place.area_id::text
      from place join tree on place.parent_id = tree.area_id
  )
  update area a set parent_id = tree.parent_id, path = tree.path
    from tree
   where a.id = tree.area_id and (a.parent_id is distinct from tree.parent_id or a.path is distinct from tree.path);
  -- always a statement that inserts, if nothing: figures follow the tree by its trigger (migration 0010)
  with wanted as materialized (
    select step.id::int as ancestor_id, area.id as descendant_id, (nlevel(area.path) - step.place)::smallint as depth
      from area, unnest(string_to_array(area.path::text, '.')) with ordinality step (id, place)
  ),
  gone as (
    delete from area_closure kept
     where not exists (select from wanted where wanted.ancestor_id = kept.ancestor_id
                                            and wanted.descendant_id = kept.descendant_id)
  )
  insert into area_closure as kept (ancestor_id, descendant_id, depth)
  select ancestor_id, descendant_id, depth from wanted
   where not exists (select from area_closure same where same.ancestor_id = wanted.ancestor_id
                        and same.descendant_id = wanted.descendant_id and same.depth = wanted.depth)
  on conflict (ancestor_id, descendant_id) do update set depth = excluded.depth;
  insert into area_reach as kept (area_id, reach)
  select ancestor_id, range_agg(int4range(descendant_id, descendant_id, '[]')) from area_closure group by ancestor_id
  on conflict (area_id) do update set reach = excluded.reach where kept.reach <> excluded.reach;
end $$;

-- After many rows at once: PostgreSQL plans by what it knows of the tables, and learns it by itself too late.
create function area_analyze() returns void language plpgsql
security definer set search_path = public, pg_temp as $$
begin
  analyze area, area_parent, area_crosswalk, area_closure;
end $$;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(REACH)
    op.execute(REBUILD)
    op.execute("""
        grant select, insert, update on source, area, area_parent, area_crosswalk to web_app;
        grant select on area_level, area_closure, area_reach to web_app;
    """)


def downgrade() -> None:
    op.execute("""
        drop function area_analyze, area_tree_rebuild, area_places, area_parent_on, app_reach_of_persons, app_reach;
        drop table area_reach, area_closure, area_crosswalk, area_parent, area, area_level, source;
    """)
