-- The areas that those of the file belong to, where their outline is more than a guess.
select area.id, area.name, st_asbinary(area.boundary)
  from area
 where area.id in (select parent_id from stage_area) and area.boundary_kind in ('official', 'drawn')
 order by area.id
