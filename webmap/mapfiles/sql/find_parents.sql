-- To which area does each feature of the file belong? By the code it names, else by where it lies. A code may have been
-- another area's before: the one of that day counts.
update stage_area one set parent_id = coalesce(
  cast(:parent_id as int),
  (select above.id from area above join area_level on area_level.id = above.level_id
    where above.code = one.parent_code and (above.valid_to is null or above.valid_to > :valid_from) and area_level.depth < :depth
      and (:everything or above.id in (select descendant_id from area_closure
                                        where ancestor_id = any(cast(:mine as int[]))))
    order by area_level.depth desc, above.valid_from <= :valid_from desc, above.valid_from desc limit 1),
  case when one.parent_code is null then
  (select above.id from area above join area_level on area_level.id = above.level_id
    where st_covers(above.boundary, st_pointonsurface(one.boundary)) and (above.valid_to is null or above.valid_to > :valid_from)
      and area_level.depth < :depth
      and (:everything or above.id in (select descendant_id from area_closure
                                        where ancestor_id = any(cast(:mine as int[]))))
    order by area_level.depth desc, above.valid_from <= :valid_from desc, above.valid_from desc, st_area(above.boundary) limit 1) end)
