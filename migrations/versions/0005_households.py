"""Doors, the people behind them, their cards, and how lists of them came in."""

from alembic import op

revision = "0005"
down_revision = "0004"

TABLES = """
create table card_category (
  code text primary key,
  label_vi text not null,
  label_en text not null,
  group_code text not null,
  position smallint not null,
  constraint ck_card_category_group_code check (group_code in
    ('employed', 'pension', 'poor', 'near_poor', 'area', 'social', 'under_six', 'student', 'household_plan', 'other'))
);

create table household (
  id uuid not null default uuid7(),
  number bigint generated always as identity,
  area_id int not null references area,
  code text not null,
  head_name text,
  phone text,
  house_number text,
  alley_name text,
  address text,
  note text,
  address_not_found text,
  search_text text generated always as (fold(
    code || ' ' || coalesce(head_name, '') || ' ' || coalesce(phone, '') || ' ' || coalesce(house_number, '') || ' '
    || coalesce(alley_name, '') || ' ' || coalesce(address, ''))) stored,
  point geometry(Point, 4326),
  place_source text,
  place_accuracy_metres real,
  placed_at timestamptz,
  building_id bigint references building on delete set null,
  alley_id bigint references alley on delete set null,
  source_id int references source,
  -- derived by coverage, never typed in
  living_count smallint not null default 0,
  registered_count smallint not null default 0,
  covered_count smallint not null default 0,
  living_covered_count smallint not null default 0,
  expiring_count smallint not null default 0,
  status text not null default 'unknown',
  status_on date,
  next_expiry_on date,
  -- pushed down by visits
  door_mark text not null default 'not_visited',
  last_visit_at timestamptz,
  due_on date,
  ended_on date,
  version int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint pk_household primary key (id),
  constraint uq_household_number unique (number),
  constraint uq_household_id_area_id unique (id, area_id),
  constraint uq_household_area_id_code unique (area_id, code),
  constraint ck_household_status check (status in
    ('covered', 'partly', 'uncovered', 'expiring', 'reported', 'pledged', 'unknown')),
  constraint ck_household_door_mark check (door_mark in
    ('not_visited', 'not_home', 'refused', 'revisit', 'done', 'not_found')),
  constraint ck_household_place_source check (place_source in ('surveyed', 'by_hand', 'building', 'import')),
  constraint ck_household_place_is_whole check ((point is null) = (place_source is null)),
  constraint ck_household_counts check (covered_count between 0 and registered_count
    and living_covered_count between 0 and living_count
    and expiring_count between 0 and covered_count)
) with (fillfactor = 85);
create index ix_household_point on household using gist (point);
create index ix_household_unplaced on household (area_id) where point is null;
create index ix_household_search_text on household using gin (search_text gin_trgm_ops);
create index ix_household_source_id on household (source_id);
create index ix_household_building_id on household (building_id) where building_id is not null;
create index ix_household_alley_id on household (alley_id) where alley_id is not null;

create table person (
  id uuid not null default uuid7(),
  household_id uuid not null,
  area_id int not null,
  full_name text not null,
  name_folded text generated always as (fold(full_name)) stored,
  sex text,
  birth_on date,
  birth_year smallint,
  citizen_id text,
  insurance_code text,
  phone text,
  relationship text,
  is_head boolean not null default false,
  residency text not null default 'living',
  reason_group text,
  next_step text,
  next_step_on date,
  -- pushed down by visits: what a visit says and the roll does not yet
  reported_on date,
  pledged_until date,
  -- derived from cards by coverage, never typed in
  status text not null default 'unknown',
  status_on date,
  cover_ends_on date,
  source_id int references source,
  version int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint pk_person primary key (id),
  constraint fk_person_household foreign key (household_id, area_id) references household (id, area_id) on update cascade,
  constraint ck_person_full_name check (full_name <> ''),
  constraint ck_person_sex check (sex in ('male', 'female')),
  constraint ck_person_residency check (residency in ('living', 'away', 'moved_out', 'deceased')),
  constraint ck_person_status check (status in
    ('covered', 'expiring', 'reported', 'pledged', 'uncovered', 'unknown')),
  constraint ck_person_reason_group check (reason_group in
    ('expired', 'lost_subsidy', 'hardship', 'not_interested', 'commercial', 'student', 'under_six', 'away', 'abroad',
     'other', 'unknown')),
  constraint ck_person_birth check (birth_on is null or birth_year is null or extract(year from birth_on) = birth_year)
) with (fillfactor = 90);
create index ix_person_household_id on person (household_id);
create index ix_person_area_id on person (area_id);
create index ix_person_name_folded on person using gin (name_folded gin_trgm_ops);
create index ix_person_citizen_id on person (citizen_id) where citizen_id is not null;
create index ix_person_insurance_code on person (insurance_code) where insurance_code is not null;

create table card (
  id uuid not null default uuid7(),
  person_id uuid not null references person on delete cascade,
  category text not null references card_category,
  number text,
  valid_from date not null,
  valid_to date,
  origin text not null default 'import',
  source_id int references source,
  created_at timestamptz not null default now(),
  constraint pk_card primary key (id),
  constraint ck_card_validity check (valid_to is null or valid_to >= valid_from),
  constraint ck_card_origin check (origin in ('import', 'roll', 'by_hand', 'demo'))
);
create index ix_card_person_id on card (person_id);
create index ix_card_number on card (number) where number is not null;

-- One file of households, from upload to undo. The rows hold what would be done, and then what was done.
create table household_import (
  id uuid primary key,
  area_id int not null references area,
  account_id uuid not null,
  source_id int references source,
  file_name text not null,
  sha256 text not null,
  content bytea,
  purpose text not null,
  legal_basis text not null,
  mapping jsonb not null default '{}',
  state text not null default 'uploaded',
  counts jsonb not null default '{}',
  created_at timestamptz not null default now(),
  applied_at timestamptz,
  constraint ck_household_import_state check (state in
    ('uploaded', 'checking', 'checked', 'applying', 'applied', 'failed', 'cancelled'))
);
create index ix_household_import_area_id on household_import (area_id, created_at desc);

create table household_import_row (
  import_id uuid not null references household_import on delete cascade,
  row_number int not null,
  verdict text not null,
  given jsonb not null,
  changes jsonb not null default '{}',
  reasons jsonb not null default '[]',
  household_id uuid,
  person_id uuid,
  constraint pk_household_import_row primary key (import_id, row_number),
  constraint ck_household_import_row_verdict check (verdict in ('add', 'change', 'same', 'refuse'))
);

-- Headings that somebody confirmed once for a kind of file, by the signature of its headings.
create table heading_mapping (
  signature text not null,
  area_id int not null references area,
  mapping jsonb not null,
  confirmed_by uuid not null,
  confirmed_at timestamptz not null default now(),
  constraint pk_heading_mapping primary key (signature, area_id)
);
"""

# Labels of the categories in Decree 146/2018/NĐ-CP and its successors, as printed on cards; more are added as data.
CATEGORIES = """
insert into card_category (code, label_vi, label_en, group_code, position) values
  ('GD', 'Hộ gia đình', 'Household plan', 'household_plan', 10),
  ('HN', 'Hộ nghèo', 'Poor household', 'poor', 20),
  ('CN', 'Hộ cận nghèo', 'Near-poor household', 'near_poor', 30),
  ('DT', 'Dân tộc thiểu số vùng khó khăn', 'Ethnic minority in a hard area', 'area', 40),
  ('DK', 'Vùng đặc biệt khó khăn', 'Especially hard area', 'area', 50),
  ('TE', 'Trẻ em dưới 6 tuổi', 'Child under 6', 'under_six', 60),
  ('HS', 'Học sinh', 'Pupil', 'student', 70),
  ('SV', 'Sinh viên', 'Student', 'student', 80),
  ('DN', 'Người lao động doanh nghiệp', 'Employee of a company', 'employed', 90),
  ('HC', 'Cán bộ, công chức, viên chức', 'Public employee', 'employed', 100),
  ('HT', 'Hưu trí', 'Pensioner', 'pension', 110),
  ('BT', 'Bảo trợ xã hội', 'Social assistance', 'social', 120),
  ('CC', 'Người có công', 'Person of merit', 'social', 130),
  ('CB', 'Cựu chiến binh', 'Veteran', 'social', 140),
  ('NO', 'Nông, lâm, ngư nghiệp mức sống trung bình', 'Farm household of middle income', 'household_plan', 150),
  ('KC', 'Đối tượng khác', 'Other', 'other', 900);
"""

MINE = "coalesce((select app_reach_of_persons()) @> area_id, false)"

# A canvasser sees the doors of her published walks only; migration 0008 gives the function its body.
SECURITY = f"""
create function app_walk_household_ids() returns setof uuid stable parallel safe language sql
as $$ select null::uuid where false $$;

alter table household enable row level security;
create policy scope on household using ({MINE}
  and ((select app_role()) <> 'canvasser' or id in (select app_walk_household_ids())));
alter table person enable row level security;
create policy scope on person using ({MINE}
  and ((select app_role()) <> 'canvasser' or household_id in (select app_walk_household_ids())));
alter table card enable row level security;
create policy scope on card using (exists (select 1 from person where person.id = card.person_id));
alter table household_import enable row level security;
create policy scope on household_import using ({MINE} and (select app_role()) <> 'canvasser');
alter table household_import_row enable row level security;
create policy scope on household_import_row using (
  exists (select 1 from household_import run where run.id = household_import_row.import_id));
alter table heading_mapping enable row level security;
create policy scope on heading_mapping using (coalesce((select app_reach()) @> area_id, false));

grant select on card_category to web_app;
grant select, insert, update, delete on household, person, card, household_import, household_import_row, heading_mapping
  to web_app;
"""


def upgrade() -> None:
    for step in (TABLES, CATEGORIES, SECURITY):
        op.execute(step)


def downgrade() -> None:
    op.execute("""
        drop table heading_mapping, household_import_row, household_import, card, person, household, card_category;
        drop function app_walk_household_ids;
    """)
