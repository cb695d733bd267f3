"""Who may sign in, what is theirs to see, and who did what."""

from alembic import op

revision = "0003"
down_revision = "0002"

TABLES = """
create table account (
  id uuid primary key,
  username text not null,
  full_name text not null,
  role text not null,
  phone text,
  password_hash text not null,
  must_change_password boolean not null default true,
  sees_persons boolean not null default true,
  language text not null default 'vi',
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  password_changed_at timestamptz,
  constraint uq_account_username unique (username),
  constraint ck_account_username check (username = lower(username) and username ~ '^[a-z0-9._-]{3,40}$'),
  constraint ck_account_role check (role in ('admin', 'supervisor', 'leader', 'canvasser')),
  constraint ck_account_language check (language in ('vi', 'en'))
);

create table account_area (
  account_id uuid not null references account on delete cascade,
  area_id int not null references area,
  constraint pk_account_area primary key (account_id, area_id)
);
create index ix_account_area_area_id on account_area (area_id);

-- One row for each sign-in; Flask-Login's id is the id of this row, so ending the row ends the session.
create table login_session (
  id uuid primary key,
  account_id uuid not null references account on delete cascade,
  started_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ended_at timestamptz,
  address text,
  agent text
);
create index ix_login_session_account_id on login_session (account_id) where ended_at is null;

create table login_attempt (
  id bigint generated always as identity primary key,
  username text not null,
  address text not null,
  at timestamptz not null default now(),
  has_succeeded boolean not null
);
create index ix_login_attempt_username on login_attempt (username, at);
create index ix_login_attempt_address on login_attempt (address, at);
create index ix_login_attempt_at on login_attempt (at);

-- Who did what. Rows are added and never changed: the app's role has no right to.
create table audit_event (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  account_id uuid,
  action text not null,
  subject_type text not null,
  subject_id text,
  area_id int references area,
  facts jsonb not null default '{}'
);
create index ix_audit_event_area_id on audit_event (area_id, at desc);
create index ix_audit_event_subject on audit_event (subject_type, subject_id);
create index ix_audit_event_account_id on audit_event (account_id, at desc);
"""

# The policies ask about areas that the asking person may not see, and about their own table: so these functions look
# as the owner, and answer yes or no only.
FUNCTIONS = """
-- Who is behind a sign-in that has not ended: the account, and the areas it is tied to. Asked by every request, before
-- it is known who asks; the id of a sign-in is as good as a key.
create function app_sign_in(wanted uuid) returns table (expires_at timestamptz, seen_at timestamptz, id uuid,
  username text, full_name text, role text, language text, must_change_password boolean, sees_persons boolean,
  area_ids int[]) stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return query
    select login_session.expires_at, login_session.seen_at, account.id, account.username, account.full_name,
           account.role, account.language, account.must_change_password, account.sees_persons,
           array(select account_area.area_id from account_area where account_area.account_id = account.id)
      from login_session join account on account.id = login_session.account_id
     where login_session.id = wanted and login_session.ended_at is null and account.is_active;
end $$;

-- Whether the account works in one of the asking person's areas.
create function app_account_is_near(wanted uuid) returns boolean stable language sql
security definer set search_path = public, pg_temp as $$
  select exists (select 1 from account_area theirs join area_closure on descendant_id = theirs.area_id
                  where theirs.account_id = wanted and ancestor_id = any (app_area_ids()))
$$;

-- Whether all of the account's areas are the asking person's (also while it has none, just added).
create function app_account_is_mine(wanted uuid) returns boolean stable language sql
security definer set search_path = public, pg_temp as $$
  select not exists (select 1 from account_area theirs where theirs.account_id = wanted and not exists (
    select 1 from area_closure where descendant_id = theirs.area_id and ancestor_id = any (app_area_ids())))
$$;

-- Whether somebody else who may sign in administers this area.
create function app_has_other_admin(wanted_area int, apart_from uuid) returns boolean stable language sql
security definer set search_path = public, pg_temp as $$
  select exists (select 1 from account join account_area theirs on theirs.account_id = account.id
                   join area_closure on ancestor_id = theirs.area_id
                  where descendant_id = wanted_area and account.id <> apart_from
                    and account.role = 'admin' and account.is_active)
$$;
"""

SECURITY = """
alter table account enable row level security;
create policy reading on account for select using (
  (select app_role()) = 'system' or id = (select app_account_id()) or app_account_is_near(id)
  or ((select app_role()) = 'admin' and app_account_is_mine(id)));
create policy adding on account for insert with check ((select app_role()) in ('system', 'admin'));
create policy changing on account for update using (
  (select app_role()) = 'system' or id = (select app_account_id())
  or ((select app_role()) = 'admin' and app_account_is_mine(id)));
alter table account_area enable row level security;
create policy reading on account_area for select using (
  (select app_role()) = 'system' or account_id = (select app_account_id())
  or coalesce((select app_reach()) @> area_id, false));
create policy adding on account_area for insert with check (
  (select app_role()) = 'system' or ((select app_role()) = 'admin' and app_account_is_mine(account_id)
  and coalesce((select app_reach()) @> area_id, false)));
create policy removing on account_area for delete using (
  (select app_role()) = 'system' or ((select app_role()) = 'admin' and app_account_is_mine(account_id)));
alter table login_session enable row level security;
create policy scope on login_session using (
  (select app_role()) = 'system' or account_id = (select app_account_id())
  or ((select app_role()) = 'admin' and app_account_is_mine(account_id)));
alter table login_attempt enable row level security;
create policy scope on login_attempt using ((select app_role()) = 'system');
alter table audit_event enable row level security;
create policy reading on audit_event for select using (
  (select app_role()) = 'system' or account_id = (select app_account_id())
  or ((select app_role()) in ('admin', 'supervisor')
    and coalesce((select app_reach()) @> area_id, false)));
create policy adding on audit_event for insert with check (
  (select app_role()) = 'system' or account_id = (select app_account_id()));
grant select, insert, update on account to web_app;
grant select, insert, delete on account_area to web_app;
grant select, insert, update on login_session to web_app;
grant select, insert, delete on login_attempt to web_app;
grant select, insert on audit_event to web_app;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(FUNCTIONS)
    op.execute(SECURITY)


def downgrade() -> None:
    op.execute("""
        drop table audit_event, login_attempt, login_session, account_area, account;
        drop function app_sign_in, app_account_is_near, app_account_is_mine, app_has_other_admin;
    """)
