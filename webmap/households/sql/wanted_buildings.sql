-- Which household gets which building? Who found none free shares the nearest.
select household_id, building_id as place_id from link_chosen
union all
(select distinct on (household_id) household_id, building_id from link_candidate
  where household_id not in (select household_id from link_chosen)
  order by household_id, has_number desc, metres, building_id)
