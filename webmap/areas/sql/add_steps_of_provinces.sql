-- What became of provinces follows from their districts, or from communes that belonged to them directly.
with step as (
  select distinct old.id as old_id, above.parent_id as new_id
    from area_crosswalk step join area_parent edge on edge.area_id = step.old_area_id
    join area old on old.id = edge.parent_id join area_level on area_level.id = old.level_id
    join area_parent above on above.area_id = step.new_area_id and above.valid_from <= :day
                          and (above.valid_to is null or above.valid_to > :day)
   where step.changed_on = :day and area_level.code = 'province' and old.valid_from < :day
     and edge.valid_from < :day and (edge.valid_to is null or edge.valid_to >= :day)
)
insert into area_crosswalk (old_area_id, new_area_id, extent, changed_on, source_id)
select old_id, new_id, case when count(*) over (partition by old_id) = 1 then 'whole' else 'part' end, :day, :source_id
  from step where old_id <> new_id
on conflict (old_area_id, new_area_id) do nothing
