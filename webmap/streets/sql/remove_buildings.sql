-- How many buildings of the maker are gone? Parts of a shape that the file has without them, and where the file is
-- whole, what it does not hold at all. What they hid is touched, and shows again.
with gone as (
  select old.id from building old join source on source.id = old.source_id
   where old.maker = :maker and old.edited_at is null and source.kind = 'streets'
     and (cast(:region as geometry) is null or st_intersects(old.outline, cast(:region as geometry)))
     and not exists (select from stage_building new where new.building_id = old.id)
     and (old.osm_id in (select osm_id from stage_building)
          or old.external_id in (select external_id from stage_building)
          or (exists (select from stage_building) and st_coveredby(old.outline, cast(:covered as geometry))))
), noted as (
  insert into touched_building
  select other.id from building other join gone on gone.id = other.same_as_id
   where other.id not in (select id from gone) on conflict do nothing
), removed as (
  delete from building where id in (select id from gone) returning id
)
select count(*) from removed
