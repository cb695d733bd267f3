-- In which of the areas that the asking person sees was something said of a building?
select area.id
  from building_finding finding
  join map.areas area on area.boundary && finding.point and st_covers(area.boundary, finding.point)
 where finding.id = :finding_id and area.boundary_kind <> 'hull'
 order by area.depth desc, st_area(area.boundary)
 limit 1
