-- How many households went from a hidden outline to the one that is shown in its place?
with moving as (
  select household.id, building.same_as_id as building_id
    from household join building on building.id = household.building_id
   where building.same_as_id is not null
), noted as (
  insert into map_change (import_id, table_name, row_id, deed, before)
  select cast(nullif(current_setting('app.map_import', true), '') as uuid), 'household', number, 'changed',
         household_place(household)
    from household join moving using (id)
   where nullif(current_setting('app.map_import', true), '') is not null
  on conflict do nothing
), moved as (
  update household set building_id = moving.building_id from moving where moving.id = household.id
  returning household.id
)
select count(*) from moved
