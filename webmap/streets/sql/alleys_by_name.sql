-- The named alleys in and around an area: a place in the middle of each, and how long it is. Pieces of one name that
-- lie far apart are still one name; where it is then, its length says.
with here as materialized (
  select st_buffer(above.boundary::geography, 100)::geometry as shape
    from area_closure join area above on above.id = area_closure.ancestor_id
   where area_closure.descendant_id = :area_id and above.boundary_kind in ('official', 'drawn')
   order by area_closure.depth limit 1
), named as (
  select alley.name, st_collect(alley.line) as line
    from alley, here
   where alley.name is not null and alley.closed_on is null and alley.line && here.shape
     and st_intersects(alley.line, here.shape)
   group by alley.name
)
select name, st_x(middle), st_y(middle), st_length(line::geography, false)
  from named cross join lateral (select st_closestpoint(line, st_centroid(line)) as middle) found
