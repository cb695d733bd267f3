-- Where the households of an area stand, as far as the asking person may see them.
select st_x(point), st_y(point)
  from household
 where point is not null and ended_on is null
   and area_id in (select descendant_id from area_closure where ancestor_id = :area_id)
