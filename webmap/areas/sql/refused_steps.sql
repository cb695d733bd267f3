-- Which rows of the crosswalk cannot be used, and why?
select number, 'no_new', new_code || ' ' || new_name from stage_step where old_id is not null and new_id is null
union all
select step.number, 'not_yours', area.name
  from stage_step step join area on area.id = step.old_id
 where not (:everything or area.id in (select descendant_id from area_closure
                                        where ancestor_id = any(cast(:mine as int[]))))
