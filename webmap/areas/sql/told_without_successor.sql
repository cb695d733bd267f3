-- Which open communes of the area does the crosswalk not name, although they are older than the new map?
select case when old.kind is null or starts_with(lower(old.name), lower(old.kind)) then old.name else old.kind || ' ' || old.name end
  from area old join area_closure on descendant_id = old.id and ancestor_id = :area_id
  join area_level on area_level.id = old.level_id and area_level.code = 'commune'
 where old.valid_to is null and old.valid_from < :day
   and not exists (select from area_crosswalk step where step.old_area_id = old.id and step.changed_on <= :today)
 order by old.name
