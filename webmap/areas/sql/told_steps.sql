-- What does each old commune become?
select step.old_id, new.id, case when new.kind is null or starts_with(lower(new.name), lower(new.kind)) then new.name else new.kind || ' ' || new.name end from reform_step step join area new on new.id = step.new_id
 order by step.old_id, new.name, new.id
