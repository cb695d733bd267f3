-- Which house numbers are known in and around an area? Cut to the nearest boundary that somebody drew. A number on an
-- outline that is hidden behind a better one is a number of the better one.
with here as materialized (
  select st_buffer(above.boundary::geography, 100)::geometry as shape
    from area_closure join area above on above.id = area_closure.ancestor_id
   where area_closure.descendant_id = :area_id and above.boundary_kind in ('official', 'drawn')
   order by area_closure.depth limit 1
)
select house_number, coalesce(street, ''), st_x(middle), st_y(middle), coalesce(same_as_id, id)
  from (select building.*, st_pointonsurface(outline) as middle from building, here
         where house_number is not null and outline && here.shape and st_intersects(outline, here.shape)) numbered
union all
select house_number, coalesce(street, ''), st_x(point), st_y(point),
       (select building.id from building
         where building.outline && address_point.point and st_covers(building.outline, address_point.point)
           and building.same_as_id is null limit 1)
  from address_point, here where point && here.shape and st_covers(here.shape, point)
