-- What would the crosswalk add and change? Rows about communes that are not known here are left out.
select count(*) filter (where known.id is null) as added,
       count(*) filter (where known.extent <> step.extent) as changed,
       count(*) as steps,
       (select count(*) from stage_step where old_id is null) as elsewhere
  from stage_step step
  left join area_crosswalk known on known.old_area_id = step.old_id and known.new_area_id = step.new_id
 where step.old_id is not null and step.new_id is not null
