-- Which ground around a shape is the asking person's: her areas there and some metres more. Null where there is none.
with wanted as (select st_expand(st_geomfromwkb(:shape, 4326), 0.004) as box)
select st_asbinary(st_buffer(st_union(st_clipbybox2d(area.boundary, wanted.box::box2d))::geography, :around)::geometry)
  from wanted join area on area.boundary && wanted.box
 where (area.valid_to is null or area.valid_to > :today)
   and (:everything or area.id in (select descendant_id from area_closure where ancestor_id = any (:mine)))
