-- A reform, worked out: which communes end, where each village goes and why, which households go elsewhere.
drop table if exists reform_commune, reform_step, reform_village, reform_share, reform_household;
create temp table reform_commune (area_id int primary key, day date) on commit drop;
create temp table reform_step (old_id int, new_id int, primary key (old_id, new_id)) on commit drop;
create temp table reform_village (
  village_id int primary key, old_id int, to_id int, how text, is_split boolean
) on commit drop;
create temp table reform_share (village_id int, new_id int, ground float8, houses int) on commit drop;
create temp table reform_household (
  household_id uuid primary key, from_id int, commune_id int, to_id int, code text
) on commit drop
