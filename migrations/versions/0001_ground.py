"""Extensions, the role the app works as, text folding, ids, and who is asking."""

from alembic import op

revision = "0001"
down_revision = None

EXTENSIONS = """
create extension if not exists postgis;
create extension if not exists ltree;
create extension if not exists pg_trgm;
"""

# The app never works as the owner: row-level security does not hold an owner. One role for a whole
# server (roles are not per database), so it may be there already.
ROLE = """
do $$ begin
  create role web_app nologin;
exception when duplicate_object or unique_violation then null;
end $$;
do $$ begin
  execute format('grant web_app to %I', current_user);
exception when others then null;  -- already a member, or a superuser who needs no grant
end $$;
grant usage on schema public to web_app;
create schema map;
grant usage on schema map to web_app;
"""

# Row-level security may only use an index through a leakproof operator. A bounding-box comparison and LIKE
# show nothing of the rows they look at (docs/decisions/0003-leakproof.md). Needs a superuser: without one the
# queries stay right and get slower, and `webmap doctor` says so.
LEAKPROOF = """
do $$ begin
  alter function geometry_overlaps(geometry, geometry) leakproof;
  alter function pg_catalog.textlike(text, text) leakproof;
exception when insufficient_privilege then
  raise notice 'not a superuser: row-level security will be slower on the map';
end $$;
"""

FUNCTIONS = r"""
-- Vietnamese text without marks and case, for matching only: 'Nguyễn Thị Đào' -> 'nguyen thi dao'.
create function fold(value text) returns text immutable strict parallel safe language sql
return lower(translate(regexp_replace(normalize(value, nfd), '[\u0300-\u036f]', '', 'g'), 'đĐ', 'dd'));

-- The word Vietnamese names sort by: the last one.
create function given_name(value text) returns text immutable strict parallel safe language sql
return regexp_replace(value, '^.*\s', '');

-- UUID version 7 (RFC 9562): the first 48 bits are the time in milliseconds.
create function uuid7() returns uuid volatile parallel safe language sql
return encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
  placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
  from 1 for 6), 52, 1), 53, 1), 'hex')::uuid;

-- Who is asking, set once per transaction (webmap/database/engine.py). Unset answers nobody, and sees nothing.
create function app_role() returns text stable parallel safe language sql
return coalesce(nullif(current_setting('app.role', true), ''), 'nobody');
create function app_account_id() returns uuid stable parallel safe language sql
return nullif(current_setting('app.account_id', true), '')::uuid;
create function app_area_ids() returns int[] stable parallel safe language sql
return coalesce(nullif(current_setting('app.area_ids', true), '')::int[], '{}');
create function app_sees_persons() returns boolean stable parallel safe language sql
return coalesce(nullif(current_setting('app.sees_persons', true), '')::boolean, false);

-- Says who asks and answers a question, in one statement and with the asking person's rights: a tile's whole work is
-- one journey to the server. What is told holds for this statement only, if it is a transaction of its own.
create function app_answer(asking_role text, account_id text, area_ids text, sees_persons text, question text)
returns setof record volatile language plpgsql as $$
begin
  perform set_config('transaction_read_only', 'on', true), set_config('app.role', asking_role, true),
          set_config('app.account_id', account_id, true), set_config('app.area_ids', area_ids, true),
          set_config('app.sees_persons', sees_persons, true);
  return query execute question;
end $$;
"""


def upgrade() -> None:
    for step in (EXTENSIONS, ROLE, LEAKPROOF, FUNCTIONS):
        op.execute(step)


def downgrade() -> None:
    # The extensions and the role stay: others may use them.
    op.execute("""
        drop schema map;
        drop function fold, given_name, uuid7, app_role, app_account_id, app_area_ids, app_sees_persons,
          app_answer;
    """)
