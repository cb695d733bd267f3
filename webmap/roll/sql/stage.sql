-- Temporary tables for one roll within one transaction: its rows, its areas, and what is found out about them.
drop table if exists pg_temp.roll_area, pg_temp.staged_roll, pg_temp.known, pg_temp.roll_found, pg_temp.roll_hit,
  pg_temp.open_row, pg_temp.roll_pair, pg_temp.roll_scored, pg_temp.roll_settled, pg_temp.name_known, pg_temp.area_known,
  pg_temp.compared, pg_temp.judged, pg_temp.roll_again, pg_temp.stranger_again;
create temporary table roll_area (area_id int primary key) on commit drop;
create temporary table staged_roll (
  row_number int primary key,
  area_id int,                      -- the village the row names; null when it names none
  full_name text,
  sex text,
  birth_on date,
  birth_year smallint,
  citizen_id text,
  insurance_code text,
  card_number text,
  category text,
  valid_from date,
  valid_to date,
  is_from_assumed boolean not null,
  household_code text,
  head_name text,
  address text,
  is_refused boolean not null,
  reasons jsonb not null,
  given jsonb not null,
  name_folded text generated always as (fold(full_name)) stored
) on commit drop;
-- Whom a row was taken for. No person: somebody said that nobody we know is meant.
create temporary table roll_found (
  row_number int primary key,
  person_id uuid,
  matched_by text not null,
  confidence real not null,
  is_twice boolean not null default false
) on commit drop;
-- People that a row may be, when it is not certain.
create temporary table roll_scored (
  row_number int not null,
  person_id uuid not null,
  confidence real not null,
  agreement jsonb not null,
  primary key (row_number, person_id)
) on commit drop;
create temporary table roll_settled (
  row_number int primary key,
  card_id uuid,
  verdict text not null,
  changes jsonb not null
) on commit drop;

insert into roll_area select descendant_id from area_closure where ancestor_id = :area_id;
