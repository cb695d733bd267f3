-- Buildings whose middle lies on the land of an area. Of one house that several sources drew, the one that is shown.
with land as (
  select coalesce(
    (select boundary from area where id = :area_id),
    (select st_union(area.boundary) from area_closure join area on area.id = descendant_id where ancestor_id = :area_id)
  ) as shape
)
select building.uuid, building.house_number, building.street, building.kind, building.levels, building.is_shed,
       building.confidence, building.osm_id, building.external_id, source.name as source, source.licence, source.dated_on,
       st_asbinary(building.outline) as shape
  from land join building on building.outline && land.shape and st_covers(land.shape, st_pointonsurface(building.outline))
  join source on source.id = building.source_id
 where building.same_as_id is null
 order by building.id
