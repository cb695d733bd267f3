-- Where does each village go, why, and how many of its households go elsewhere or have no place?
select village.village_id, case when area.kind is null or starts_with(lower(area.name), lower(area.kind)) then area.name else area.kind || ' ' || area.name end, old.name, village.to_id, case when new.kind is null or starts_with(lower(new.name), lower(new.kind)) then new.name else new.kind || ' ' || new.name end, village.how,
       (select count(*) from household where household.area_id = village.village_id and ended_on is null),
       (select count(*) from reform_household moved where moved.from_id = village.village_id),
       (select count(*) from household where household.area_id = village.village_id and ended_on is null
          and point is null)
  from reform_village village join area on area.id = village.village_id join area old on old.id = village.old_id
  left join area new on new.id = village.to_id
 order by village.to_id is not null, not village.is_split, old.name, area.name, area.id
