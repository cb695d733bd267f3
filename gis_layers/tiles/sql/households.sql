-- Doors of one tile. The box test is in the stored degrees, so that the index is used; only what is in is projected.
select st_asmvt(feature, 'households', 4096, 'place', 'number')
  from (
    select {place} as place,
           household.number, household.status{mark}{code}
      from map.households household
     where household.point && st_makeenvelope({box}, 4326) and {condition}
  ) feature
