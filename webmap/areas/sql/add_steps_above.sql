-- What became of districts follows from their communes. A district without any (an island) became the commune of its name.
with step as (
  select old.id as old_id, step.new_area_id as new_id
    from area_crosswalk step join area_parent edge on edge.area_id = step.old_area_id
    join area old on old.id = edge.parent_id join area_level on area_level.id = old.level_id
   where step.changed_on = :day and area_level.code = 'district' and old.valid_from < :day
     and edge.valid_from < :day and (edge.valid_to is null or edge.valid_to >= :day)
  union
  select old.id, new.id
    from area old join area_level on area_level.id = old.level_id and area_level.code = 'district'
    join area new on new.valid_from = :day and new.level_id = :commune and fold(new.name) = fold(old.name)
   where old.valid_from < :day and (old.valid_to is null or old.valid_to >= :day)
     and not exists (select from area_parent edge where edge.parent_id = old.id)
     and not exists (select from area_crosswalk known where known.new_area_id = new.id)
)
insert into area_crosswalk (old_area_id, new_area_id, extent, changed_on, source_id)
select old_id, new_id, case when count(*) over (partition by old_id) = 1 then 'whole' else 'part' end, :day, :source_id
  from step where old_id <> new_id
on conflict (old_area_id, new_area_id) do nothing
