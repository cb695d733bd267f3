-- Move the households, and keep where they were: the map of an earlier day counts them there.
with kept as (
  insert into household_move as known (household_id, moved_on, from_area_id, to_area_id, import_id)
  select moved.household_id, :day, moved.from_id, moved.to_id, :import_id from reform_household moved
  on conflict (household_id, moved_on) do update set to_area_id = excluded.to_area_id
)
update household set area_id = moved.to_id, code = coalesce(moved.code, household.code),
       version = household.version + 1, updated_at = now()
  from reform_household moved where moved.household_id = household.id
