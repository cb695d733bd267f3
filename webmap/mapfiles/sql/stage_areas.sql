-- The features of a file, before they are compared with the tree.
drop table if exists stage_area;
create temp table stage_area (
  number int, code text, name text, kind text, parent_code text, population int,
  boundary geometry(MultiPolygon, 4326), uuid uuid, problem text, parent_id int, area_id int, matched_by text,
  state text, facts jsonb
) on commit drop;
drop table if exists stage_ending;
create temp table stage_ending (area_id int, is_empty boolean) on commit drop
