-- What happened to an area, in the order of days?
select * from (
  select area.valid_from as day, cast(null as date) as until, 'began' as kind, cast(null as int) as other, '' as name,
         source.name as source
    from area left join source on source.id = area.source_id where area.id = :area_id
  union all
  select edge.valid_from, edge.valid_to, 'lay_in', above.id, case when above.kind is null or starts_with(lower(above.name), lower(above.kind)) then above.name else above.kind || ' ' || above.name end, null
    from area_parent edge join area above on above.id = edge.parent_id where edge.area_id = :area_id
  union all
  select step.changed_on, null, case step.extent when 'whole' then 'came_from' else 'part_from' end, old.id,
         case when old.kind is null or starts_with(lower(old.name), lower(old.kind)) then old.name else old.kind || ' ' || old.name end, source.name
    from area_crosswalk step join area old on old.id = step.old_area_id left join source on source.id = step.source_id
   where step.new_area_id = :area_id  -- a commune was made from communes; that a district held these is another matter
     and (step.extent = 'whole' or old.level_id = (select level_id from area where id = :area_id))
  union all
  select step.changed_on, null, case step.extent when 'whole' then 'became' else 'part_to' end, new.id,
         case when new.kind is null or starts_with(lower(new.name), lower(new.kind)) then new.name else new.kind || ' ' || new.name end, source.name
    from area_crosswalk step join area new on new.id = step.new_area_id left join source on source.id = step.source_id
   where step.old_area_id = :area_id
  union all
  select area.valid_to, null, 'ended', null, '', null
    from area where area.id = :area_id and area.valid_to is not null
) events
order by day, array_position(array['came_from', 'part_from', 'began', 'lay_in', 'part_to', 'became', 'ended'], kind), name
