-- The villages that lie in them. Of a commune that went whole, all go there.
insert into reform_village (village_id, old_id, to_id, how, is_split)
select village.id, village.parent_id, case when count(*) = 1 then min(step.new_id) end,
       case when count(*) = 1 then 'whole' end, count(*) > 1
  from area village join reform_commune commune on commune.area_id = village.parent_id
  join reform_step step on step.old_id = village.parent_id
 where village.valid_to is null
 group by village.id, village.parent_id
