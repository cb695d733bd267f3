-- Which features cannot become areas, and why?
select one.number, 'no_parent', coalesce(one.parent_code, one.name)
  from stage_area one where one.parent_id is null and not :is_top and one.area_id is null
union all
select one.number, 'no_parent', coalesce(one.parent_code, one.name)
  from stage_area one join area on area.id = one.area_id
 where one.parent_id is null and not :is_top and one.matched_by is distinct from 'uuid'
union all
select one.number, 'code_of_another', one.code
  from stage_area one join area on area.code = one.code and area.level_id <> :level_id and area.valid_from = :valid_from
 where one.area_id is null and one.code <> ''
union all
select one.number, 'name_known', area.name || ' (' || area.code || ')'
  from stage_area one
  join area on area.level_id = :level_id and area.valid_to is null and area.parent_id = one.parent_id
           and fold(area.name) = fold(one.name)
 where one.area_id is null and one.code <> '' and not :is_new_map and one.matched_by is distinct from 'choice'
   and not exists (select from stage_area other where other.area_id = area.id)
union all
select one.number, 'name_twice', one.name
  from stage_area one
 where one.area_id is null and one.code = '' and one.matched_by is distinct from 'choice'
   and (exists (select from stage_area other
                 where other.number <> one.number and other.code = '' and fold(other.name) = fold(one.name)
                   and other.parent_id is not distinct from one.parent_id)
        or (select count(*) from area
             where area.level_id = :level_id and area.valid_to is null
               and area.parent_id is not distinct from one.parent_id and fold(area.name) = fold(one.name)) > 1)
union all
select one.number, 'area_twice', area.name
  from stage_area one join area on area.id = one.area_id
 where exists (select from stage_area other where other.area_id = one.area_id and other.number <> one.number)
union all
select one.number, 'not_yours', area.name
  from stage_area one join area on area.id = one.area_id
 where not (:everything or area.id in (select descendant_id from area_closure
                                        where ancestor_id = any(cast(:mine as int[]))))
order by 1
