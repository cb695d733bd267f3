-- Who worked in an area that has ended works in what became of it. Noted, so that it can be undone.
with tied as (
  insert into account_area (account_id, area_id)
  select distinct theirs.account_id, step.new_area_id
    from account_area theirs join area_crosswalk step on step.old_area_id = theirs.area_id
    join area new on new.id = step.new_area_id and new.valid_to is null
   where theirs.area_id = any(cast(:ended as int[]))
  on conflict do nothing
  returning account_id, area_id
)
insert into map_change (import_id, table_name, row_id, deed, before)
select :import_id, 'account_area', hashtextextended(account_id || ' ' || area_id, 0), 'changed',
       jsonb_build_object('account_id', account_id, 'area_id', area_id)
  from tied
on conflict do nothing
returning row_id
