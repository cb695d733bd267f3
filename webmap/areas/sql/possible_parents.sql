-- Below which open areas could a place be put: those of the level right above it, districts aside?
select above.id, case when above.kind is null or starts_with(lower(above.name), lower(above.kind)) then above.name
                      else above.kind || ' ' || above.name end as name
  from area above join area_level on area_level.id = above.level_id
 where above.valid_to is null and above.id is distinct from (select parent_id from area where id = :area_id)
   and area_level.code = (select case own.code when 'village' then 'commune' when 'commune' then 'province' end
                            from area join area_level own on own.id = area.level_id where area.id = :area_id)
   and (:everything or above.id in (select descendant_id from area_closure
                                     where ancestor_id = any(cast(:mine as int[]))))
 order by 2
 limit 500
