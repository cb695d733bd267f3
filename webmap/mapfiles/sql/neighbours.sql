-- Areas of the level that stay as they are beside those of the file: near them, or of the same parent.
select area.id, area.name, st_asbinary(area.boundary)
  from area
 where area.level_id = :level_id and area.valid_to is null and area.boundary_kind in ('official', 'drawn')
   and not exists (select from stage_area one where one.area_id = area.id)
   and not exists (select from stage_ending one where one.area_id = area.id)
   and (area.parent_id in (select parent_id from stage_area)
        or exists (select from stage_area one where area.boundary && st_expand(one.boundary, 0.0002)))
 order by area.id
 limit :most
