-- Who works in a commune that ends, or above it, and in what then?
select account.full_name, case when old.kind is null or starts_with(lower(old.name), lower(old.kind)) then old.name else old.kind || ' ' || old.name end, string_agg(distinct case when new.kind is null or starts_with(lower(new.name), lower(new.kind)) then new.name else new.kind || ' ' || new.name end, ', ')
  from reform_step step join area_closure above on above.descendant_id = step.old_id
  join account_area theirs on theirs.area_id = above.ancestor_id
  join account on account.id = theirs.account_id and account.is_active
  join area old on old.id = theirs.area_id join area new on new.id = step.new_id
 group by account.id, account.full_name, old.id order by account.full_name
