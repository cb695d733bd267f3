-- How many buildings of an area have no household, and how many of its placed households no building? Buildings are
-- counted within the boundary of the area, or of the nearest above it that has one; none at all without any.
with here as materialized (
  select area.boundary as shape
    from area_closure join map.areas area on area.id = area_closure.ancestor_id
   where area_closure.descendant_id = :area_id and area.boundary_kind <> 'hull'
   order by area_closure.depth limit 1
)
select case when exists (select from here) then (
         select count(*) from map.buildings_without_household building, here
          where building.outline && here.shape and st_intersects(here.shape, st_pointonsurface(building.outline)))
       end as without_household,
       (select count(*) from household
         where area_id in (select descendant_id from area_closure where ancestor_id = :area_id)
           and point is not null and building_id is null and ended_on is null) as without_building
