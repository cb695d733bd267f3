-- Which features cannot become areas, and why?
select one.number, 'no_parent', coalesce(one.parent_code, '')
  from stage_area one where one.parent_id is null and not :is_top
union all
select one.number, 'code_of_another', one.code
  from stage_area one join area on area.code = one.code and area.level_id <> :level_id and area.valid_from = :valid_from
 where one.area_id is null
union all
select one.number, 'not_yours', area.name
  from stage_area one join area on area.id = one.area_id
 where not (:everything or area.id in (select descendant_id from area_closure
                                        where ancestor_id = any(cast(:mine as int[]))))
order by 1
