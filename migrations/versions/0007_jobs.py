"""Background jobs: Procrastinate's own tables in schema `jobs`, and what a person sees of a job."""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0007"
down_revision = "0006"

TABLES = """
create table job (
  id uuid primary key,
  name text not null,
  facts jsonb not null default '{}',
  account_id uuid,
  area_id int references area,
  state text not null default 'waiting',
  done int not null default 0,
  total int,
  step text,
  result jsonb,
  error jsonb,
  is_cancel_wanted boolean not null default false,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  seen_at timestamptz,
  ended_at timestamptz,
  constraint ck_job_state check (state in ('waiting', 'running', 'done', 'failed', 'cancelled'))
);
create index ix_job_account_id on job (account_id, created_at desc);
alter table job enable row level security;
create policy scope on job using (app_role() = 'system' or account_id = app_account_id());
grant select, insert, update on job to web_app;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute("create schema jobs; set local search_path = jobs, public;")
    op.get_bind().exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))
    op.execute("""
        set local search_path = public;
        grant usage on schema jobs to web_app;
        grant select, insert, update, delete on all tables in schema jobs to web_app;
        grant usage on all sequences in schema jobs to web_app;
    """)


def downgrade() -> None:
    op.execute("drop schema jobs cascade; drop table job;")
