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
-- `maker` is who drew it. `same_as_id`: somebody better drew the same house; this outline is kept and not shown.
-- `is_doubtful`: a detector was not sure enough (setting building_confidence). Both and `is_shed` are derived
-- (webmap/streets/buildings.py).
create table building (
  id bigint generated always as identity primary key,
  uuid uuid not null default gen_random_uuid(),
  osm_id bigint,
  external_id text,
  kind text,
  levels smallint,
  confidence real,
  maker text not null default 'osm',
  house_number text,
  street text,
  street_folded text generated always as (fold(street)) stored,
  is_shed boolean not null default false,
  is_doubtful boolean not null default false,
  same_as_id bigint,
  edited_at timestamptz,
  source_id int not null,
  outline geometry(Polygon, 4326) not null,
  constraint ck_building_confidence check (confidence between 0 and 1),
  constraint ck_building_maker check (maker in ('drawn', 'official', 'osm', 'overture', 'microsoft', 'google')),
  constraint ck_building_same_as_another check (same_as_id <> id)
);

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

-- What a person said of the building that stands there; at its place, so that it holds whoever draws the outline.
create table building_finding (
  id bigint generated always as identity primary key,
  finding text not null,
  point geometry(Point, 4326) not null,
  account_id uuid references account on delete set null,
  found_at timestamptz not null default now(),
  constraint ck_building_finding_finding check (finding in ('not_dwelling', 'shed', 'empty'))
);
create index ix_building_finding_point on building_finding using gist (point);
create index ix_building_finding_account_id on building_finding (account_id);

grant select, insert, update, delete on alley, terrain, building, address_point, building_finding, not_a_gap to web_app;
"""

# What makes a row of buildings slow to add. Made at once over all rows, they cost a fraction.
OF_BUILDINGS = {
    "uq_building_uuid": "unique (uuid)",
    "building_source_id_fkey": "foreign key (source_id) references source",
    "building_same_as_id_fkey": "foreign key (same_as_id) references building on delete set null",
}
INDEXES_OF_BUILDINGS = {
    "ix_building_same_as_id": "(same_as_id) where same_as_id is not null",
    "ix_building_external_id": "(external_id) where external_id is not null",
    "ix_building_outline": "using gist (outline)",
    "ix_building_address": "(street_folded, house_number) where house_number is not null",
    "ix_building_osm_id": "(osm_id)",
    "ix_building_source_id": "(source_id)",
}
MAKING = "\n".join(
    [
        *(f"create index {name} on building {what};" for name, what in INDEXES_OF_BUILDINGS.items()),
        *(f"alter table building add constraint {name} {what};" for name, what in OF_BUILDINGS.items()),
    ]
)
DROPPING = "\n".join(
    [
        *(f"alter table building drop constraint {name};" for name in OF_BUILDINGS),
        *(f"drop index {name};" for name in INDEXES_OF_BUILDINGS),
    ]
)
# For the first large load (webmap/streets/buildings.py), within its transaction: whoever reads buildings waits.
SETTING_ASIDE = f"""
create function building_set_aside() returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  {DROPPING}
end $$;
create function building_put_back() returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  {MAKING}
end $$;
revoke execute on function building_set_aside, building_put_back from public;
grant execute on function building_set_aside, building_put_back to web_app;
"""

# Which drawing of a house is believed before which. Who edited an outline has the last word.
RANK = """
create function building_rank(maker text, edited_at timestamptz) returns int language sql immutable parallel safe as $$
  select case when edited_at is not null then 0
              else array_position(array['drawn', 'official', 'osm', 'overture', 'microsoft', 'google'], maker) end
$$;

-- Nobody lives in these, by what OpenStreetMap calls them. Shops and hotels are none of them: families live behind and
-- above.
create function building_may_be_home(kind text) returns boolean language sql immutable parallel safe as $$
  select kind is null or kind <> all (array[
      'bridge', 'bunker', 'cathedral', 'chapel', 'church', 'civic', 'college', 'construction', 'factory',
      'fire_station', 'fuel', 'government', 'grandstand', 'guardhouse', 'hangar', 'hospital', 'industrial',
      'kindergarten', 'mausoleum', 'mosque', 'museum', 'office', 'pagoda', 'parking', 'pavilion', 'presbytery',
      'public', 'religious', 'ruins', 'school', 'service', 'shrine', 'silo', 'sports_centre', 'sports_hall',
      'stadium', 'supermarket', 'temple', 'tower', 'train_station', 'transformer_tower', 'transportation',
      'university', 'warehouse', 'water_tower'
    ])
$$;
"""

# Households of a building that leaves the map go to an outline of the same house that it hid.
LEAVING = """
create function building_leaves() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update household set building_id = (
           select other.id from building other where other.same_as_id = old.id
            order by building_rank(other.maker, other.edited_at), other.confidence desc nulls last, other.id limit 1)
   where building_id = old.id;
  return old;
end $$;
create trigger building_leaves before delete on building for each row execute function building_leaves();
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(MAKING)
    op.execute(SETTING_ASIDE)
    op.execute(RANK)
    op.execute(LEAVING)


def downgrade() -> None:
    op.execute("drop table not_a_gap, address_point, building_finding, building, terrain, alley;")
    op.execute(
        "drop function building_leaves, building_rank, building_set_aside, building_put_back, building_may_be_home;"
    )
