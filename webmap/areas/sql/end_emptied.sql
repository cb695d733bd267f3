-- What was replaced ends that day once nothing lies in it any more: of one level.
update area before set valid_to = :day, updated_at = now()
  from area_level
 where area_level.id = before.level_id and area_level.code = :level and before.valid_to is null
   and before.valid_from < :day
   and exists (select from area_crosswalk step where step.old_area_id = before.id and step.changed_on = :day
                  and step.new_area_id <> before.id)
   and not exists (select from area_parent edge join area below on below.id = edge.area_id and below.valid_to is null
                    where edge.parent_id = before.id and (edge.valid_to is null or edge.valid_to > :day))
   and not exists (select from household where household.area_id = before.id)
returning before.id
