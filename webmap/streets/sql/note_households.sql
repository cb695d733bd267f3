-- Note the households of some alleys or buildings as they were, so that undoing the edit gives them back.
insert into map_change (import_id, table_name, row_id, deed, before)
select :edit_id, 'household', number, 'changed', jsonb_build_object(
         'building_id', building_id, 'alley_id', alley_id, 'point', point::text, 'place_source', place_source,
         'place_accuracy_metres', place_accuracy_metres, 'placed_at', placed_at, 'area_id', area_id)
  from household
 where alley_id = any (:alley_ids) or building_id = any (:building_ids)
on conflict do nothing
