-- Which building of the map is which of the stage: by id and outline, then by id and the larger common part,
-- then, of those without an id, by outline alone.
update stage_building new set building_id = old.id from building old
 where old.maker = :maker and old.osm_id = new.osm_id and old.outline = new.outline;
update stage_building new set building_id = old.id from building old
 where old.maker = :maker and old.external_id = new.external_id and new.osm_id is null and old.outline = new.outline;
with pair as (
  select new.no, old.id, st_area(st_intersection(new.outline, old.outline)) as common,
         st_distance(new.outline, old.outline) as apart
    from stage_building new
    join building old on old.maker = :maker and old.osm_id = new.osm_id
   where new.building_id is null
     and not exists (select from stage_building other where other.building_id = old.id)
  union all
  select new.no, old.id, st_area(st_intersection(new.outline, old.outline)), st_distance(new.outline, old.outline)
    from stage_building new
    join building old on old.maker = :maker and old.external_id = new.external_id
   where new.building_id is null and new.osm_id is null
     and not exists (select from stage_building other where other.building_id = old.id)
), ranked as (
  select no, id, row_number() over (partition by no order by common desc, apart, id) as of_new,
         row_number() over (partition by id order by common desc, apart, no) as of_old
    from pair
)
update stage_building new set building_id = ranked.id from ranked
 where ranked.no = new.no and ranked.of_new = 1 and ranked.of_old = 1;
update stage_building new set building_id = (
         select old.id from building old
          where old.maker = :maker and old.osm_id is null and old.external_id is null
            and old.outline ~= new.outline and old.outline = new.outline
          order by old.id limit 1)
 where new.building_id is null and new.osm_id is null and new.external_id is null;
create index on stage_building (building_id) where building_id is not null;
analyze stage_building;
