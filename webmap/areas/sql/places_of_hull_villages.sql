-- Where are the households of each village whose boundary nobody has drawn?
select area.id,
       coalesce((select jsonb_agg(jsonb_build_array(st_x(household.point), st_y(household.point)))
                   from household where household.area_id = area.id and household.point is not null), '[]')
  from area join area_level on area_level.id = area.level_id
 where area_level.code = 'village' and area.boundary_kind in ('none', 'hull') and area.valid_to is null
   and (cast(:wanted as int[]) is null or area.id = any(cast(:wanted as int[])))
   and (:everything or exists (select from area_closure
                                where ancestor_id = any(cast(:mine as int[])) and descendant_id = area.id))
