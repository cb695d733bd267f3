-- Who worked in an area that has ended works in what became of it; so does, with :with_above, who works in an area above
-- it that goes on. To be asked before the tree is made anew. Noted, so that it can be undone.
with tied as (
  insert into account_area (account_id, area_id)
  select distinct theirs.account_id, step.new_area_id
    from area_crosswalk step join area_closure above on above.descendant_id = step.old_area_id
    join account_area theirs on theirs.area_id = above.ancestor_id
    join area worked on worked.id = theirs.area_id
    join area new on new.id = step.new_area_id and new.valid_to is null
   where step.old_area_id = any(cast(:ended as int[]))
     and (above.depth = 0 or (:with_above and worked.valid_to is null))
     and not exists (select from area_closure known join account_area mine on mine.area_id = known.ancestor_id
                      where known.descendant_id = step.new_area_id and mine.account_id = theirs.account_id)
  on conflict do nothing
  returning account_id, area_id
)
insert into map_change (import_id, table_name, row_id, deed, before)
select :import_id, 'account_area', hashtextextended(account_id || ' ' || area_id, 0), 'changed',
       jsonb_build_object('account_id', account_id, 'area_id', area_id)
  from tied
on conflict do nothing
returning row_id
