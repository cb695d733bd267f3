-- Places and addresses of households as they were edited elsewhere; what they were is noted, so that it can be undone.
insert into map_change (import_id, table_name, row_id, deed, before)
select :change_id, 'household', number, 'changed', jsonb_build_object(
       'area_id', area_id, 'building_id', building_id, 'alley_id', alley_id, 'point', household.point::text,
       'place_source', place_source, 'place_accuracy_metres', place_accuracy_metres, 'placed_at', placed_at,
       'house_number', house_number, 'alley_name', alley_name, 'address', address, 'note', note)
  from household where number in (select row_id from stage_returned where verdict = 'changed');
update household set
       house_number = case when one.given ? 'house_number' then one.given ->> 'house_number' else household.house_number end,
       alley_name = case when one.given ? 'alley_name' then one.given ->> 'alley_name' else household.alley_name end,
       address = case when one.given ? 'address' then one.given ->> 'address' else household.address end,
       note = case when one.given ? 'note' then one.given ->> 'note' else household.note end,
       version = household.version + 1
  from stage_returned one
 where household.number = one.row_id and one.verdict = 'changed';
update household set point = one.shape, place_source = 'by_hand', place_accuracy_metres = null, placed_at = now(),
       building_id = null, alley_id = null
  from stage_returned one
 where household.number = one.row_id and one.verdict = 'changed' and 'place' = any(one.differs)
