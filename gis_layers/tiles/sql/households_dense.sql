-- Doors of a tile where they are too many: of those that fall into one square of {least} units the one most in need.
select st_asmvt(feature, 'households', 4096, 'place', 'number')
  from (
    select distinct on (st_snaptogrid(place, {least})) place, number, status{mark},
           count(*) over (partition by st_snaptogrid(place, {least})) as doors
      from (
        select {place} as place,
               household.number, household.status{mark}
          from map.households household
         where household.point && st_makeenvelope({box}, 4326) and {condition}
      ) household
     order by st_snaptogrid(place, {least}),
              array_position('{uncovered,partly,expiring,pledged,reported,unknown,covered}', status), number
  ) feature
