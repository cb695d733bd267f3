-- Tables for loading outlines: what a file holds, and which rows of the map the transaction has touched.
drop table if exists stage_building;
create temp table stage_building (
  osm_id bigint, external_id text, kind text, levels smallint, confidence real, house_number text, street text,
  outline geometry(Polygon, 4326), no int generated always as identity, building_id bigint
) on commit drop;
create temp table if not exists touched_building (id bigint primary key) on commit drop;
