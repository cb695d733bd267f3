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
"""

SECURITY = """
alter table account enable row level security;
create policy scope on account using (
  app_role() = 'system' or id = app_account_id()
  or exists (select 1 from account_area theirs join area_closure on descendant_id = theirs.area_id
              where theirs.account_id = account.id and ancestor_id = any ((select app_area_ids())::int[]))
  -- an account that was only just added has no areas yet
  or (app_role() = 'admin' and not exists (select 1 from account_area theirs where theirs.account_id = account.id)));
alter table login_session enable row level security;
create policy scope on login_session using (app_role() in ('system', 'admin') or account_id = app_account_id());
alter table login_attempt enable row level security;
create policy scope on login_attempt using (app_role() in ('system', 'admin'));
alter table audit_event enable row level security;
create policy reading on audit_event for select using (
  app_role() in ('system') or account_id = app_account_id()
  or area_id in (select descendant_id from area_closure where ancestor_id = any ((select app_area_ids())::int[])));
create policy adding on audit_event for insert with check (
  app_role() = 'system' or account_id = app_account_id());
grant select, insert, update on account to web_app;
grant select, insert, delete on account_area to web_app;
grant select, insert, update on login_session to web_app;
grant select, insert, delete on login_attempt to web_app;
grant select, insert on audit_event to web_app;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(SECURITY)


def downgrade() -> None:
    op.execute("drop table audit_event, login_attempt, login_session, account_area, account;")
