-- House numbers that somebody surveyed on the land of an area.
with land as (
  select coalesce(
    (select boundary from area where id = :area_id),
    (select st_union(area.boundary) from area_closure join area on area.id = descendant_id where ancestor_id = :area_id)
  ) as shape
)
select address_point.uuid, address_point.house_number, address_point.street, address_point.osm_id,
       source.name as source, source.licence, source.dated_on, st_asbinary(address_point.point) as shape
  from land join address_point on address_point.point && land.shape and st_covers(land.shape, address_point.point)
  join source on source.id = address_point.source_id
 order by address_point.id
