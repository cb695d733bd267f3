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
  (3, 'district', 20, 'Huyện (trước 1/7/2025)', 'District (before 1 July 2025)'),
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
  boundary geometry(MultiPolygon, 4326),
  boundary_kind text not null default 'none',
  source_id int references source,
  parent_id int references area,
  path ltree,
  updated_at timestamptz not null default now(),
  constraint ck_area_boundary_kind check (boundary_kind in ('official', 'drawn', 'hull', 'none')),
  constraint ck_area_boundary_is_named check ((boundary is null) = (boundary_kind = 'none')),
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

# Two rebuilds at once would both delete and insert: the lock makes the second wait.
REBUILD = """
create function area_tree_rebuild(on_day date default (now() at time zone 'Asia/Ho_Chi_Minh')::date)
returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtext('area_tree_rebuild'));
  update area a set parent_id = edge.parent_id
    from (select one.id, now_edge.parent_id from area one left join area_parent now_edge
            on now_edge.area_id = one.id and now_edge.valid_from <= on_day
           and (now_edge.valid_to is null or now_edge.valid_to > on_day)) edge
   where a.id = edge.id and a.parent_id is distinct from edge.parent_id;
  with recursive tree as (
    select id, id::text::ltree as path from area where parent_id is null
    union all
    select child.id, tree.path || child.id::text from area child join tree on child.parent_id = tree.id
  )
  update area a set path = tree.path from tree where a.id = tree.id and a.path is distinct from tree.path;
  delete from area_closure;
  insert into area_closure (ancestor_id, descendant_id, depth)
  select above.id, below.id, nlevel(below.path) - nlevel(above.path)
    from area above join area below on below.path <@ above.path;
  delete from area_reach;
  insert into area_reach (area_id, reach)
  select ancestor_id, range_agg(int4range(descendant_id, descendant_id, '[]')) from area_closure group by ancestor_id;
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
        drop function area_tree_rebuild, app_reach_of_persons, app_reach;
        drop table area_reach, area_closure, area_crosswalk, area_parent, area, area_level, source;
    """)
