-- From that day on each unit belongs to the unit above it, until a parent is known from a later day.
insert into area_parent (area_id, parent_id, valid_from, valid_to)
select unit.area_id, above.area_id, :day,
       (select min(later.valid_from) from area_parent later
         where later.area_id = unit.area_id and later.valid_from > :day)
  from stage_unit unit join stage_unit above on above.level_id = unit.parent_level_id and above.code = unit.parent_code
 where not exists (select from area_parent edge
                    where edge.area_id = unit.area_id and edge.parent_id = above.area_id and edge.valid_from <= :day
                      and (edge.valid_to is null or edge.valid_to > :day))
on conflict (area_id, valid_from) do update set parent_id = excluded.parent_id
