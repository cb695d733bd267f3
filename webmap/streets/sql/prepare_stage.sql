-- A number on a building's outline belongs to the building; all other numbers are points of their own.
update stage_building one set house_number = number.house_number, street = nullif(number.street, '')
  from stage_address number where not number.is_node and number.osm_id = one.osm_id;
delete from stage_address number using stage_building one where not number.is_node and number.osm_id = one.osm_id;
create index on stage_alley (osm_id);
create index on stage_terrain (osm_id);
create index on stage_address (osm_id);
analyze stage_alley;
analyze stage_terrain;
analyze stage_address;
