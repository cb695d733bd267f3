-- Which units of the list cannot become areas, and why?
select unit.number, 'no_parent', unit.parent_code
  from stage_unit unit
 where unit.parent_code is not null
   and not exists (select from stage_unit above
                    where above.level_id = unit.parent_level_id and above.code = unit.parent_code)
union all
select unit.number, 'not_yours', area.name
  from stage_unit unit join area on area.id = unit.area_id
 where not (:everything or area.id in (select descendant_id from area_closure
                                        where ancestor_id = any(cast(:mine as int[]))))
