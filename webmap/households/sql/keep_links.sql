-- How many households were linked to a building? Who found none free shares the nearest.
with wanted as (
  select household_id, building_id from link_chosen
  union all
  (select distinct on (household_id) household_id, building_id from link_candidate
    where household_id not in (select household_id from link_chosen)
    order by household_id, has_number desc, metres, building_id)
), noted as (
  insert into map_change (import_id, table_name, row_id, deed, before)
  select cast(nullif(current_setting('app.map_import', true), '') as uuid), 'household', number, 'changed',
         household_place(household)
    from household join wanted on wanted.household_id = household.id
   where nullif(current_setting('app.map_import', true), '') is not null
  on conflict do nothing
), linked as (
  update household set building_id = wanted.building_id from wanted where wanted.household_id = household.id
  returning household.id
)
select count(*) from linked
