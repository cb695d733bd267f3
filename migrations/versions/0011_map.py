"""What maps read: schema `map`, and figures made public for those who may not see persons."""

from pathlib import Path

from alembic import op

revision = "0011"
down_revision = "0010"

VIEWS = Path(__file__).parent.parent / "views"
CELL_MEASURES = ("households", "registered", "living", "covered", "living_covered")

IN_SCOPE = "coalesce((select app_reach()) @> area_id, false)"

# docs/decisions/0006-counts-that-name-nobody.md
TABLES = f"""
create table published_area (
  area_id int primary key references area on delete cascade,
  {", ".join(f"{name} int not null" for name in CELL_MEASURES)},
  published_at timestamptz not null default now()
);
create table published_cell (
  z smallint,
  tile_x int,
  tile_y int,
  i smallint,
  j smallint,
  size smallint,
  area_id int references area on delete cascade,
  {", ".join(f"{name} int not null" for name in CELL_MEASURES)},
  constraint pk_published_cell primary key (z, tile_x, tile_y, i, j, size, area_id)
);
create index ix_published_cell_area_id on published_cell (area_id);
create table published_wide_cell (
  area_id int references area on delete cascade,
  z smallint,
  tile_x int,
  tile_y int,
  i smallint,
  j smallint,
  {", ".join(f"{name} int not null" for name in CELL_MEASURES)},
  constraint pk_published_wide_cell primary key (area_id, z, tile_x, tile_y, i, j)
);
"""

SECURITY = "".join(
    f"""
alter table {table} enable row level security;
create policy reading on {table} for select using ({IN_SCOPE});
create policy adding on {table} for insert with check ((select app_role()) = 'system');
create policy removing on {table} for delete using ((select app_role()) = 'system');
grant select, insert, delete on {table} to web_app;
"""
    for table in ("published_area", "published_cell", "published_wide_cell")
)


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(SECURITY)
    text = (VIEWS / "0011_map.sql").read_text("utf-8")
    text = text.replace("{cell_measures}", ", ".join(CELL_MEASURES))
    text = text.replace(
        "{area_measures}",
        ", ".join(f"coalesce(counter.{name}, published.{name}) as {name}" for name in CELL_MEASURES),
    )
    op.get_bind().exec_driver_sql(text.replace("%", "%%"))


def downgrade() -> None:
    op.execute("""
        drop function map.version;
        drop view map.routes, map.households_without_building, map.buildings_without_household, map.doubtful_buildings,
          map.buildings, map.terrain, map.alleys, map.areas, map.cells, map.households;
        drop function map.top_areas;
        drop table published_wide_cell, published_cell, published_area;
    """)
