-- Which household gets which alley? The one of the name in its address, else the nearest, within reach.
select household.id as household_id, near.id as place_id
  from household
  cross join lateral (
    select alley.id from alley
     where alley.line && st_expand(household.point, cast(:alley_metres as float) / 100000)
       and alley.is_walkable and alley.closed_on is null
       and st_distance(alley.line::geography, household.point::geography, false) <= :alley_metres
     order by (alley.name_folded = fold(household.alley_name)) desc nulls last,
              st_distance(alley.line::geography, household.point::geography, false), alley.id
     limit 1) near
 where household.point is not null and household.alley_id is null and household.ended_on is null
   and (cast(:household_ids as uuid[]) is null or household.id = any (cast(:household_ids as uuid[])))
