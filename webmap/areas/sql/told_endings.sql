-- Which communes end, and what lies in them?
select old.id, case when old.kind is null or starts_with(lower(old.name), lower(old.kind)) then old.name else old.kind || ' ' || old.name end,
       (select count(*) from reform_village village where village.old_id = old.id),
       (select count(*) from household where household.ended_on is null and (household.area_id = old.id or
          household.area_id in (select village_id from reform_village village where village.old_id = old.id)))
  from reform_commune commune join area old on old.id = commune.area_id
 order by old.name, old.id
