-- Where is a building, and in which of the areas that the asking person sees? The innermost with a boundary.
select building.id, building.house_number, building.street, st_x(middle.point) as lon, st_y(middle.point) as lat,
       village.id as area_id, village.name as village,
       (select alley.name from alley
         where alley.line && st_expand(middle.point, 0.0006) and alley.name is not null and alley.closed_on is null
         order by alley.line <-> middle.point limit 1) as alley
  from building
 cross join lateral (select st_pointonsurface(building.outline) as point) middle
 cross join lateral (
   select area.id, area.name from map.areas area
    where area.boundary && middle.point and st_covers(area.boundary, middle.point) and area.boundary_kind <> 'hull'
    order by area.depth desc, st_area(area.boundary) limit 1) village
 where building.id = :building_id and building.same_as_id is null
