"""Which household lay in which area before: needed when areas are split or merged, for the map of an earlier day."""

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


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(UNDOING)


def downgrade() -> None:
    op.execute("""
        drop trigger map_import_undo_more on map_import;
        drop function map_import_undo_more;
        drop table household_move;
    """)
