-- The households as they are, before they are moved: so that the change can be undone.
insert into map_change (import_id, table_name, row_id, deed, before)
select :import_id, 'household', household.number, 'changed', jsonb_build_object(
         'building_id', building_id, 'alley_id', alley_id, 'point', cast(point as text), 'place_source', place_source,
         'place_accuracy_metres', place_accuracy_metres, 'placed_at', placed_at, 'area_id', area_id, 'code', household.code)
  from reform_household moved join household on household.id = moved.household_id
on conflict do nothing
