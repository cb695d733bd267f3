-- Which households stand within reach of an outline?
select id from household
 where point && st_expand(st_geomfromewkb(:outline), cast(:metres as float) / 100000) and ended_on is null
   and st_dwithin(point::geography, st_geomfromewkb(:outline)::geography, :metres, false)
