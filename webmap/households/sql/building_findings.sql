-- What was said of the buildings of an area, the newest first, with the address of the building that stands there.
with here as materialized (
  select area.boundary as shape
    from area_closure join map.areas area on area.id = area_closure.ancestor_id
   where area_closure.descendant_id = :area_id and area.boundary_kind <> 'hull'
   order by area_closure.depth limit 1
)
select finding.id, finding.finding, st_x(finding.point), st_y(finding.point), finding.found_at,
       (select nullif(concat_ws(' ', house_number, street), '') from map.buildings building
         where building.outline && finding.point and st_covers(building.outline, finding.point) limit 1) as address
  from building_finding finding, here
 where finding.point && here.shape and st_covers(here.shape, finding.point)
 order by finding.id desc
 limit :most
