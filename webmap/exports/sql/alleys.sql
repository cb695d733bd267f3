-- Ways on the land of an area, closed ones too.
with land as (
  select coalesce(
    (select boundary from area where id = :area_id),
    (select st_union(area.boundary) from area_closure join area on area.id = descendant_id where ancestor_id = :area_id)
  ) as shape
)
select alley.uuid, alley.name, alley.kind, alley.access, alley.has_gate, alley.is_walkable, alley.closed_on, alley.osm_id,
       source.name as source, source.licence, source.dated_on, st_asbinary(alley.line) as shape
  from land join alley on alley.line && land.shape and st_intersects(alley.line, land.shape)
  join source on source.id = alley.source_id
 order by alley.id
