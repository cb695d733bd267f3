-- Give one placed household the building it stands in or beside, and its alley.
update household set
  building_id = (
    select building.id from building
     where building.outline && st_expand(household.point, cast(:metres as float) / 100000)
       and building.same_as_id is null and not building.is_shed and not building.is_doubtful
       and st_distance(building.outline::geography, household.point::geography, false) <= :metres
     order by st_distance(building.outline::geography, household.point::geography, false),
              upper(building.house_number) = upper(household.house_number) desc nulls last, building.id
     limit 1),
  alley_id = (
    select alley.id from alley
     where alley.line && st_expand(household.point, cast(:alley_metres as float) / 100000)
       and alley.is_walkable and alley.closed_on is null
       and st_distance(alley.line::geography, household.point::geography, false) <= :alley_metres
     order by (alley.name_folded = fold(household.alley_name)) desc nulls last,
              st_distance(alley.line::geography, household.point::geography, false), alley.id
     limit 1)
 where id = :household_id and point is not null
