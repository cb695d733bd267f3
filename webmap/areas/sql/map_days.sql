-- On which days did the map change?
select day from (
  select distinct valid_to as day from area where valid_to is not null
  union select distinct valid_to from area_parent where valid_to is not null
  union select distinct changed_on from area_crosswalk
) changes where day <= :today order by day desc limit :most
