-- Which is the lowest area that holds all of these?
select ancestor_id
  from area_closure join area on area.id = ancestor_id join area_level on area_level.id = area.level_id
 where descendant_id = any(cast(:area_ids as int[]))
 group by ancestor_id, area_level.depth
having count(*) = cardinality(cast(:area_ids as int[]))
 order by area_level.depth desc
 limit 1
