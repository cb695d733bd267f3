-- The same outline of the same id twice is one. Indexes for finding what is already on the map.
create index on stage_building (osm_id) where osm_id is not null;
create index on stage_building (external_id) where external_id is not null;
analyze stage_building;
delete from stage_building one using stage_building other
 where other.osm_id = one.osm_id and other.no < one.no and other.outline = one.outline;
delete from stage_building one using stage_building other
 where other.external_id = one.external_id and other.no < one.no and other.outline = one.outline;
