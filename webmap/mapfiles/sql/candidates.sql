-- Which known areas bear the name of a feature, those next to it first? With where they lie in the tree.
select one.number, found.id, found.name, found.code, found.above
  from stage_area one
 cross join lateral (
   select area.id, concat_ws(' ', area.kind, area.name) as name, area.code,
          (select string_agg(above.name, ', ' order by step.depth)
             from area_closure step join area above on above.id = step.ancestor_id
            where step.descendant_id = area.id and step.depth > 0) as above,
          area.parent_id is not distinct from one.parent_id as is_beside
     from area
    where area.level_id = :level_id and area.valid_to is null and fold(area.name) = fold(one.name)
      and (:everything or area.id in (select descendant_id from area_closure
                                       where ancestor_id = any(cast(:mine as int[]))))
    order by is_beside desc, above, area.code
    limit 20) found
 where one.number = any(cast(:numbers as int[]))
 order by one.number, found.is_beside desc, found.above, found.code
