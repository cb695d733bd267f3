-- Temporary tables for one file within one transaction: its rows, its households, the areas it may touch.
drop table if exists pg_temp.import_area, pg_temp.staged_row, pg_temp.staged_household, pg_temp.staged_left_out,
  pg_temp.staged_left_behind;
create temporary table staged_left_out (row_number int, reasons jsonb) on commit drop;
create temporary table import_area (area_id int primary key) on commit drop;
create temporary table staged_row (
  row_number int primary key,
  person_no int not null,           -- row number of the person's first row: a second card is a second row
  household_no int not null,
  area_id int not null,
  household_code text,
  head_name text,
  full_name text not null,
  sex text,
  birth_on date,
  birth_year smallint,
  citizen_id text,
  insurance_code text,
  phone text,
  relationship text,
  is_head boolean,                  -- null: the file does not say
  residency text,
  reason_group text,
  has_card boolean not null,
  card_number text,
  card_category text,
  valid_from date,
  valid_to date,
  is_from_assumed boolean not null,
  alley text,
  house_number text,
  address text,
  note text,
  lon double precision,
  lat double precision,
  place_source text,
  building_id bigint,
  person_id uuid,
  found_by text,
  new_person_id uuid,
  card_id uuid,
  card_change jsonb,
  problem text,                     -- code of a refusal found by looking at the register
  problem_field text,
  problem_facts jsonb,
  changes jsonb not null default '{}'
) on commit drop;
create temporary table staged_household (
  no int primary key,
  area_id int not null,
  code text,
  head_row int,
  head_name text,
  phone text,
  alley text,
  house_number text,
  address text,
  note text,
  lon double precision,
  lat double precision,
  place_source text,
  building_id bigint,
  household_id uuid,
  is_new boolean not null default false,
  changes jsonb not null default '{}'
) on commit drop;
