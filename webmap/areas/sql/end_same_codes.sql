-- A new map begins: an area that had the code of another until then ends, unless something still lies in it.
update area before set valid_to = :day, updated_at = now()
  from stage_unit unit
 where before.level_id = unit.level_id and before.code = unit.code and before.id <> unit.area_id
   and before.valid_to is null and before.valid_from < :day
   and not exists (select from area below where below.parent_id = before.id and below.valid_to is null)
   and not exists (select from household where household.area_id = before.id)
returning before.id
