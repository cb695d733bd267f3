-- How many households were linked? `wanted` says which to what; within an import what they were is noted.
with wanted as (
{wanted}
), noted as (
  insert into map_change (import_id, table_name, row_id, deed, before)
  select cast(nullif(current_setting('app.map_import', true), '') as uuid), 'household', number, 'changed',
         household_place(household)
    from household join wanted on wanted.household_id = household.id
   where nullif(current_setting('app.map_import', true), '') is not null
  on conflict do nothing
), linked as (
  update household set {column} = wanted.place_id from wanted where wanted.household_id = household.id
  returning household.id
)
select count(*) from linked
