-- An area and all below it that are in the scope, open ones only, from the top down.
select area.uuid, area.code, area.name, area.kind, level.code as level, above.code as parent_code, area.valid_from,
       area.population, area.boundary_kind, source.name as source, source.licence, source.dated_on, area.id,
       st_asbinary(area.boundary) as shape
  from area_closure
  join area on area.id = descendant_id
  join area_level level on level.id = area.level_id
  left join area above on above.id = area.parent_id
  left join source on source.id = area.source_id
 where ancestor_id = :area_id
   and (area.valid_to is null or area.valid_to > (now() at time zone 'Asia/Ho_Chi_Minh')::date)
   and (:everything or area.id in (select descendant_id from area_closure where ancestor_id = any(cast(:mine as int[]))))
 order by level.depth, area.code
