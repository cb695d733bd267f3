"""Map files that were uploaded, and what they would change: each its uploader's alone."""

from alembic import op

revision = "0020"
down_revision = "0019"

TABLES = """
create table map_file (
  id uuid primary key,
  account_id uuid,
  name text not null,
  bytes bigint not null,
  uploaded_at timestamptz not null default now(),
  look jsonb,
  choices jsonb,
  preview jsonb,
  previewed_at timestamptz,
  import_id uuid references map_import on delete set null
);
create index ix_map_file_account_id on map_file (account_id, uploaded_at);

-- Unlogged: a preview that a crash takes away is made again by a click.
create unlogged table map_preview_feature (
  file_id uuid not null references map_file on delete cascade,
  id int not null,
  layer text not null,
  number int,
  what text not null,
  state text not null,
  name text not null default '',
  facts jsonb not null default '{}',
  shape geometry(Geometry, 4326),
  constraint pk_map_preview_feature primary key (file_id, id),
  constraint ck_map_preview_feature_state check (state in ('refused', 'changed', 'new', 'gone', 'same', 'finding'))
);
create index ix_map_preview_feature_state on map_preview_feature (file_id, state, id);
create index ix_map_preview_feature_shape on map_preview_feature using gist (shape);

alter table map_file enable row level security;
create policy scope on map_file using (
  (select app_role()) = 'system' or account_id = (select app_account_id()));
alter table map_preview_feature enable row level security;
create policy scope on map_preview_feature using (
  exists (select 1 from map_file where map_file.id = map_preview_feature.file_id));
grant select, insert, update, delete on map_file, map_preview_feature to web_app;
"""


def upgrade() -> None:
    op.execute(TABLES)


def downgrade() -> None:
    op.execute("drop table map_preview_feature, map_file;")
