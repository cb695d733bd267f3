-- Tables that hold a file's features until they are compared with what is there.
drop table if exists stage_alley, stage_terrain, stage_address, stage_part;
create temp table stage_alley (
  osm_id bigint, from_node bigint, to_node bigint, kind text, name text, is_walkable boolean,
  access text, has_gate boolean,
  line geometry(LineString, 4326)
) on commit drop;
create temp table stage_terrain (osm_id bigint, kind text, name text, shape geometry(Geometry, 4326)) on commit drop;
create temp table stage_address (
  osm_id bigint, is_node boolean, house_number text, street text, point geometry(Point, 4326)
) on commit drop;
-- Ways of which the file holds only a part.
create temp table stage_part (osm_id bigint) on commit drop
