-- Households of a village that go into another: all of it, or those on some alleys.
insert into reform_household (household_id, from_id, commune_id)
select id, area_id, :to_id from household
 where area_id = :area_id and (:everything or coalesce(alley_name, '') = any(cast(:alleys as text[])))
