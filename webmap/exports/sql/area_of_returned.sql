-- The lowest area of the asking person whose land holds most of what changes; none when nothing has a place.
select area.id
  from area join area_level level on level.id = area.level_id, stage_returned one
 where one.verdict in ('added', 'changed') and one.shape is not null
   and st_intersects(area.boundary, st_pointonsurface(one.shape))
   and (:everything or area.id in (select descendant_id from area_closure where ancestor_id = any(cast(:mine as int[]))))
 group by area.id, level.depth
 order by count(*) desc, level.depth desc
 limit 1
