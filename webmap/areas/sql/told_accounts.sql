-- Who works in a commune that ends, and in what then?
select account.full_name, case when old.kind is null or starts_with(lower(old.name), lower(old.kind)) then old.name else old.kind || ' ' || old.name end, string_agg(case when new.kind is null or starts_with(lower(new.name), lower(new.kind)) then new.name else new.kind || ' ' || new.name end, ', ' order by new.name)
  from account_area theirs join reform_step step on step.old_id = theirs.area_id
  join account on account.id = theirs.account_id and account.is_active
  join area old on old.id = step.old_id join area new on new.id = step.new_id
 group by account.id, account.full_name, old.id order by account.full_name
