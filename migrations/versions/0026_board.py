"""How an area comes along: its figures day by day, what the agency says, meetings held and gifts given."""

from alembic import op

revision = "0026"
down_revision = "0025"

TABLES = """
-- Figures of an area with all below it as a day left them.
create table area_day (
  area_id int not null references area on delete cascade,
  day date not null,
  households int not null,
  registered int not null,
  living int not null,
  covered int not null,
  living_covered int not null,
  constraint pk_area_day primary key (area_id, day)
);

-- What an office says of an area, with its day and where it is written: never counted by us.
create table official_figure (
  id int generated always as identity primary key,
  area_id int not null references area,
  measure text not null,
  dated_on date not null,
  value bigint not null,
  source text not null,
  noted_by uuid references account,
  noted_at timestamptz not null default now(),
  constraint ck_official_figure_measure check (measure in
    ('participants', 'target', 'population', 'social_insurance', 'social_insurance_target')),
  constraint ck_official_figure_value check (value >= 0),
  constraint uq_official_figure_area_id_measure_dated_on unique (area_id, measure, dated_on)
);

create table meeting (
  id int generated always as identity primary key,
  area_id int not null references area,
  held_on date not null,
  topic text not null,
  organisation text,
  attendances int not null,
  leaflets int not null default 0,
  noted_by uuid references account,
  noted_at timestamptz not null default now(),
  constraint ck_meeting_counts check (attendances >= 0 and leaflets >= 0),
  constraint uq_meeting_area_id_held_on_topic unique (area_id, held_on, topic)
);

create table gift (
  id int generated always as identity primary key,
  area_id int not null references area,
  given_on date not null,
  what text not null,
  sponsor text not null,
  pieces int not null,
  value_dong bigint not null default 0,
  noted_by uuid references account,
  noted_at timestamptz not null default now(),
  constraint ck_gift_counts check (pieces > 0 and value_dong >= 0),
  constraint uq_gift_area_id_given_on_what_sponsor unique (area_id, given_on, what, sponsor)
);
"""

SECURITY = """
alter table area_day enable row level security;
create policy scope on area_day using (coalesce((select app_reach_of_persons()) @> area_id, false));
grant select, insert, update on area_day to web_app;
""" + "".join(
    f"""
alter table {table} enable row level security;
create policy scope on {table} using (coalesce((select app_reach()) @> area_id, false)
  and (select app_role()) <> 'canvasser');
grant select, insert, delete on {table} to web_app;
"""
    for table in ("official_figure", "meeting", "gift")
)


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(SECURITY)


def downgrade() -> None:
    op.execute("drop table gift, meeting, official_figure, area_day;")
