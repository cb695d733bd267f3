-- The rows of a national list, before they are compared with the tree.
drop table if exists stage_unit;
create temp table stage_unit (
  number int, level_id smallint, code text, name text, kind text, parent_code text, parent_level_id smallint,
  population int, doubt text, area_id int
) on commit drop;
drop table if exists stage_step;
create temp table stage_step (
  number int, old_code text, new_code text, extent text, new_name text, new_province text, old_id int, new_id int
) on commit drop;
create index on stage_unit (level_id, code);
create index on stage_unit (area_id)
