-- How many households got a building of their own in this step? Each asks for the nearest that nobody has; of several
-- that ask for one the nearest gets it. Those for whom none is left share the nearest.
with free as (
  select candidate.* from link_candidate candidate
   where candidate.household_id not in (select household_id from link_chosen)
     and candidate.building_id not in (select building_id from link_chosen)
     and not exists (select from household where household.building_id = candidate.building_id)
), asked as (
  select distinct on (household_id) household_id, building_id, metres, has_number
    from free order by household_id, has_number desc, metres, building_id
), given as (
  insert into link_chosen
  select distinct on (building_id) household_id, building_id, false
    from asked order by building_id, has_number desc, metres, household_id
  returning household_id
)
select count(*) from given
