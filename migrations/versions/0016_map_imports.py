"""Every change of the map is written down row by row while it happens, so that an import can be undone."""

from alembic import op

revision = "0016"
down_revision = "0015"

# table, its shape. The order is that in which rows may be put back: what others refer to first.
KEPT = (
    ("area", "boundary"),
    ("area_parent", ""),
    ("area_crosswalk", ""),
    ("terrain", "shape"),
    ("building", "outline"),
    ("address_point", "point"),
    ("alley", "line"),
)

TABLES = """
create table map_import (
  id uuid primary key,
  kind text not null,
  account_id uuid,
  area_id int references area on delete set null,
  source_id int references source,
  title text not null,
  counts jsonb not null default '{}',
  applied_at timestamptz not null default now(),
  undone_at timestamptz,
  undone_by uuid,
  constraint ck_map_import_kind check (kind in ('areas', 'streets', 'crosswalk', 'reform', 'households', 'edit')),
  constraint ck_map_import_undone_by_somebody check ((undone_at is null) = (undone_by is null))
);
create index ix_map_import_area_id on map_import (area_id, applied_at);

-- `before` is the row as it was, with its shape as EWKB in hexadecimal. Of a row that changes twice, the first stands.
create table map_change (
  import_id uuid not null references map_import on delete cascade,
  table_name text not null,
  row_id bigint not null,
  deed text not null,
  before jsonb,
  constraint pk_map_change primary key (import_id, table_name, row_id),
  constraint ck_map_change_deed check (deed in ('added', 'changed', 'removed')),
  constraint ck_map_change_before_is_kept check ((before is null) = (deed = 'added'))
);
"""

# Set app.map_import (webmap/areas/map_imports.py) and every row of the map that is written is noted. Without it nothing is.
NOTING = """
-- Where an area hangs in the tree (parent_id, path) is made from area_parent, and is no change of its own.
create function map_area_differs(a area, b area) returns boolean language sql immutable as $$
  select (a.level_id, a.code, a.name, a.kind, a.valid_from, a.valid_to, a.population, a.population_doubt,
          a.boundary_kind, a.source_id)
         is distinct from
         (b.level_id, b.code, b.name, b.kind, b.valid_from, b.valid_to, b.population, b.population_doubt,
          b.boundary_kind, b.source_id)
      or a.boundary is distinct from b.boundary
$$;

-- Which outlines show one house, and which are sheds, is made from the outlines, and is no change of its own.
create function map_building_differs(a building, b building) returns boolean language sql immutable as $$
  select (a.osm_id, a.external_id, a.kind, a.levels, a.confidence, a.maker, a.house_number, a.street, a.edited_at, a.source_id)
         is distinct from
         (b.osm_id, b.external_id, b.kind, b.levels, b.confidence, b.maker, b.house_number, b.street, b.edited_at, b.source_id)
      or a.outline is distinct from b.outline
$$;

-- Where a household was, as map_change keeps it when a change of the map moves it or links it anew.
create function household_place(h household) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'building_id', h.building_id, 'alley_id', h.alley_id, 'point', h.point::text, 'place_source', h.place_source,
    'place_accuracy_metres', h.place_accuracy_metres, 'placed_at', h.placed_at, 'area_id', h.area_id)
$$;

create function map_change_note() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
declare
  this uuid := nullif(current_setting('app.map_import', true), '')::uuid;
  as_it_was text := 'to_jsonb(old)';
  which text := '';
begin
  if this is null then
    return null;
  end if;
  if tg_op = 'INSERT' then
    insert into map_change (import_id, table_name, row_id, deed)
    select this, tg_table_name, id, 'added' from new_rows
    on conflict do nothing;
    return null;
  end if;
  if tg_argv[0] <> '' then
    as_it_was := format('to_jsonb(old) || jsonb_build_object(%L, old.%I::text)', tg_argv[0], tg_argv[0]);
  end if;
  if tg_op = 'UPDATE' and tg_table_name in ('area', 'building') then
    which := format('join new_rows new using (id) where map_%s_differs(old, new)', tg_table_name);
  end if;
  execute format(
    'insert into map_change (import_id, table_name, row_id, deed, before)'
    ' select $1, %L, old.id, %L, %s from old_rows old %s on conflict do nothing',
    tg_table_name, case tg_op when 'UPDATE' then 'changed' else 'removed' end, as_it_was, which) using this;
  return null;
end $$;
"""

UNDOING = """
-- Put the rows of an import back as they were. Who may, and whether it still can be, is asked before
-- (webmap/areas/map_imports.py); a row that something newer refers to stops it (foreign_key_violation), and nothing changes.
create function map_import_undo(this uuid) returns void language plpgsql
security definer set search_path = public, pg_temp as $$
declare
  kept text[] := array[{names}];
  one text;
  columns text;
begin
  if app_role() not in ('system', 'admin', 'supervisor', 'leader')
     or not exists (select 1 from map_import where id = this and undone_at is null) then
    raise insufficient_privilege using message = 'no import to undo';
  end if;
  -- an area that goes may have the code and day of one that comes back
  update area set code = code || '#' || area.id
    from map_change change
   where change.import_id = this and change.table_name = 'area' and change.deed = 'added' and change.row_id = area.id;
  foreach one in array kept loop
    select string_agg(quote_ident(attname), ', ' order by attnum) into columns from pg_attribute
     where attrelid = one::regclass and attnum > 0 and not attisdropped and attgenerated = ''
       and attname not in ('id', 'same_as_id');
    execute format(
      'update %1$I kept set (%2$s) = (select %2$s from jsonb_populate_record(null::%1$I, change.before))'
      ' from map_change change where change.import_id = $1 and change.table_name = %1$L'
      ' and change.deed <> ''added'' and kept.id = change.row_id', one, columns) using this;
    execute format(
      'insert into %1$I (id, %2$s) overriding system value select id, %2$s from map_change change,'
      ' jsonb_populate_record(null::%1$I, change.before) was where change.import_id = $1 and change.table_name = %1$L'
      ' and change.deed <> ''added'' and not exists (select 1 from %1$I kept where kept.id = change.row_id)',
      one, columns) using this;
  end loop;
  update household set building_id = (select id from building where id = was.building_id),
         alley_id = (select id from alley where id = was.alley_id), point = was.point,
         place_source = was.place_source, place_accuracy_metres = was.place_accuracy_metres,
         placed_at = was.placed_at, area_id = was.area_id,
         house_number = case when change.before ? 'house_number' then was.house_number else household.house_number end,
         alley_name = case when change.before ? 'alley_name' then was.alley_name else household.alley_name end,
         address = case when change.before ? 'address' then was.address else household.address end,
         note = case when change.before ? 'note' then was.note else household.note end,
         version = household.version + 1
    from map_change change, jsonb_populate_record(null::household, change.before) was
   where change.import_id = this and change.table_name = 'household' and household.number = change.row_id;
  for n in reverse array_length(kept, 1)..1 loop
    if kept[n] = 'area' then
      perform area_tree_rebuild();  -- what hung below an area that goes hangs elsewhere again
      -- whoever brought areas to the top of the tree was tied to them
      delete from account_area using map_change change
       where change.import_id = this and change.table_name = 'area' and change.deed = 'added'
         and account_area.area_id = change.row_id;
    end if;
    execute format(
      'delete from %1$I kept using map_change change where change.import_id = $1 and change.table_name = %1$L'
      ' and change.deed = ''added'' and kept.id = change.row_id', kept[n]) using this;
  end loop;
  update map_import set undone_at = now(), undone_by = coalesce(app_account_id(), '00000000-0000-0000-0000-000000000000')
   where id = this;
end $$;
"""

IN_SCOPE = "coalesce((select app_reach()) @> area_id, false)"
# What the map was holds places of households: for staff, in their areas, or what they did themselves.
SECURITY = f"""
alter table map_import enable row level security;
create policy scope on map_import using ((select app_role()) = 'system' or (
  (select app_role()) in ('admin', 'supervisor', 'leader')
  and ({IN_SCOPE} or account_id = (select app_account_id()))));
alter table map_change enable row level security;
create policy scope on map_change using (
  (table_name <> 'household' or (select app_sees_persons()) or (select app_role()) = 'system')
  and exists (select 1 from map_import where map_import.id = map_change.import_id));
grant select, insert, update on map_import to web_app;
grant select, insert on map_change to web_app;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(NOTING)
    for table, shape in KEPT:
        for event, rows in (
            ("insert", "new table as new_rows"),
            ("update", "old table as old_rows new table as new_rows"),
            ("delete", "old table as old_rows"),
        ):
            op.execute(
                f"create trigger map_change_{event} after {event} on {table} referencing {rows}"
                f" for each statement execute function map_change_note('{shape}')"
            )
    op.execute(UNDOING.format(names=", ".join(f"'{table}'" for table, _ in KEPT)))
    op.execute(SECURITY)


def downgrade() -> None:
    for table, _ in KEPT:
        for event in ("insert", "update", "delete"):
            op.execute(f"drop trigger map_change_{event} on {table}")
    op.execute(
        "drop function map_change_note, map_area_differs, map_building_differs, map_import_undo, household_place; drop table map_change, map_import;"
    )
