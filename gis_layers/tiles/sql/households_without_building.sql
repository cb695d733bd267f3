-- Doors of one tile that stand in no building of the map.
select st_asmvt(feature, 'households_without_building', 4096, 'place', 'number')
  from (
    select {place} as place, household.number
      from map.households_without_building household
     where household.point && st_makeenvelope({box}, 4326)
  ) feature
