"""Alleys, water, fields, buildings and address points: our own basemap. No personal data here."""

from alembic import op

revision = "0004"
down_revision = "0003"

TABLES = """
-- `stands_for`: the line or lines of a file, as WKB, that a person cut, moved or joined; an import lays none of them again.
create table alley (
  id bigint generated always as identity primary key,
  uuid uuid not null default gen_random_uuid(),
  name text,
  name_folded text generated always as (fold(name)) stored,
  kind text not null,
  osm_id bigint,
  from_node bigint,
  to_node bigint,
  is_walkable boolean not null default true,
  access text not null default 'public',
  has_gate boolean not null default false,
  closed_on date,
  edited_at timestamptz,
  stands_for bytea,
  source_id int not null references source,
  line geometry(LineString, 4326) not null,
  constraint ck_alley_access check (access in ('public', 'private', 'forbidden')),
  constraint uq_alley_uuid unique (uuid),
  constraint ck_alley_kind check (kind in ('main', 'road', 'alley', 'path', 'steps', 'track', 'footway', 'bridge', 'ferry'))
);
create index ix_alley_line on alley using gist (line);
create index ix_alley_name_folded on alley (name_folded);
create index ix_alley_osm_id on alley (osm_id);
create index ix_alley_source_id on alley (source_id);

create table terrain (
  id bigint generated always as identity primary key,
  uuid uuid not null default gen_random_uuid(),
  kind text not null,
  name text,
  osm_id bigint,
  source_id int not null references source,
  shape geometry(Geometry, 4326) not null,
  constraint uq_terrain_uuid unique (uuid),
  constraint ck_terrain_kind check (kind in ('river', 'canal', 'lake', 'sea', 'field', 'forest', 'built')),
  constraint ck_terrain_shape check (st_dimension(shape) in (1, 2))
);
create index ix_terrain_shape on terrain using gist (shape);
create index ix_terrain_osm_id on terrain (osm_id);
create index ix_terrain_source_id on terrain (source_id);

-- `external_id` is the source's own name for it: a plus code, an Overture id. `confidence` is what a detector said, 0 to 1.
-- `same_as_id`: another source drew the same house first, or better; this outline is kept and not shown.
create table building (
  id bigint generated always as identity primary key,
  uuid uuid not null default gen_random_uuid(),
  osm_id bigint,
  external_id text,
  kind text,
  levels smallint,
  confidence real,
  house_number text,
  street text,
  street_folded text generated always as (fold(street)) stored,
  is_shed boolean not null default false,
  same_as_id bigint references building on delete set null,
  edited_at timestamptz,
  source_id int not null references source,
  outline geometry(Polygon, 4326) not null,
  constraint ck_building_confidence check (confidence between 0 and 1),
  constraint ck_building_same_as_another check (same_as_id <> id),
  constraint uq_building_uuid unique (uuid)
);
create index ix_building_same_as_id on building (same_as_id) where same_as_id is not null;
create index ix_building_external_id on building (external_id) where external_id is not null;
create index ix_building_outline on building using gist (outline);
create index ix_building_address on building (street_folded, house_number) where house_number is not null;
create index ix_building_osm_id on building (osm_id);
create index ix_building_source_id on building (source_id);

create table address_point (
  id bigint generated always as identity primary key,
  uuid uuid not null default gen_random_uuid(),
  osm_id bigint,
  house_number text not null,
  street text,
  street_folded text generated always as (fold(street)) stored,
  edited_at timestamptz,
  source_id int not null references source,
  point geometry(Point, 4326) not null,
  constraint uq_address_point_uuid unique (uuid)
);
create index ix_address_point_point on address_point using gist (point);
create index ix_address_point_address on address_point (street_folded, house_number);
create index ix_address_point_osm_id on address_point (osm_id);
create index ix_address_point_source_id on address_point (source_id);

-- Ways between parts of the alleys of which a person said that they are none: nobody walks there.
create table not_a_gap (
  id int generated always as identity primary key,
  line geometry(LineString, 4326) not null,
  told_at timestamptz not null default now()
);
create index ix_not_a_gap_line on not_a_gap using gist (line);

grant select, insert, update, delete on alley, terrain, building, address_point, not_a_gap to web_app;
"""


def upgrade() -> None:
    op.execute(TABLES)


def downgrade() -> None:
    op.execute("drop table not_a_gap, address_point, building, terrain, alley;")
