-- What the editor draws and snaps to within a box: alleys, houses and numbers drawn by hand, with their versions.
with box as (select st_makeenvelope(:west, :south, :east, :north, 4326) as shape)
(select 'alley' as what, alley.uuid, alley.name, alley.kind, alley.access, alley.has_gate, alley.closed_on,
        source.kind = 'hand' as is_drawn, left(md5(alley::text), 16) as version, st_asbinary(alley.line) as shape
   from box join alley on alley.line && box.shape join source on source.id = alley.source_id
  order by alley.id limit :most)
union all
(select 'building', building.uuid, concat_ws(', ', building.house_number, building.street), '', 'public', false, null,
        true, left(md5(building::text), 16), st_asbinary(building.outline)
   from box join building on building.outline && box.shape join source on source.id = building.source_id
  where source.kind = 'hand' order by building.id limit :most)
union all
(select 'address', plate.uuid, concat_ws(', ', plate.house_number, plate.street), '', 'public', false, null,
        true, left(md5(plate::text), 16), st_asbinary(plate.point)
   from box join address_point plate on plate.point && box.shape join source on source.id = plate.source_id
  where source.kind = 'hand' order by plate.id limit :most)
