-- What a person said a feature is: an open area of the level, or a new one (no id).
update stage_area one
   set area_id = area.id, matched_by = 'choice', parent_id = coalesce(one.parent_id, area.parent_id)
  from unnest(cast(:numbers as int[]), cast(:area_ids as int[])) chosen (number, area_id)
  left join area on area.id = chosen.area_id and area.level_id = :level_id and area.valid_to is null
 where one.number = chosen.number and (chosen.area_id is null or area.id is not null)
