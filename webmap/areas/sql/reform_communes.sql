-- Which open communes of an area were replaced on a day that has come?
insert into reform_commune (area_id, day)
select old.id, min(step.changed_on)
  from area old join area_closure on descendant_id = old.id and ancestor_id = :area_id
  join area_level on area_level.id = old.level_id and area_level.code = 'commune'
  join area_crosswalk step on step.old_area_id = old.id and step.new_area_id <> old.id
 where old.valid_to is null and old.valid_from < step.changed_on and step.changed_on <= :today
 group by old.id
