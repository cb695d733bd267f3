-- Which commune became which.
insert into area_crosswalk as known (old_area_id, new_area_id, extent, changed_on, source_id)
select old_id, new_id, min(extent), :day, :source_id
  from stage_step where old_id is not null and new_id is not null group by old_id, new_id
on conflict (old_area_id, new_area_id) do update set extent = excluded.extent, source_id = excluded.source_id
 where known.extent <> excluded.extent
