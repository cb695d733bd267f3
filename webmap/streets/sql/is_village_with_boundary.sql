-- Is this area of the lowest level, with a boundary that somebody drew?
select area.boundary_kind in ('official', 'drawn') and level.depth = (select max(depth) from area_level)
  from area join area_level level on level.id = area.level_id
 where area.id = :area_id
