-- Households of split communes whose own place lies in another new commune than their village's; and households that
-- belong to a commune itself, in no village.
insert into reform_household (household_id, from_id, commune_id)
select household.id, village.village_id, min(other.id)
  from reform_village village join household on household.area_id = village.village_id
  join reform_step step on step.old_id = village.old_id and step.new_id <> village.to_id
  join area main on main.id = village.to_id
  join area other on other.id = step.new_id and st_covers(other.boundary, household.point)
 where village.is_split and main.boundary is not null and not st_covers(main.boundary, household.point)
 group by household.id, village.village_id
union all
select household.id, commune.area_id, coalesce(
         (select min(new.id) from reform_step step join area new on new.id = step.new_id
           where step.old_id = commune.area_id and st_covers(new.boundary, household.point)),
         (select village.to_id from reform_village village
           where village.old_id = commune.area_id and village.to_id is not null
           group by village.to_id order by count(*) desc, village.to_id limit 1),
         (select min(step.new_id) from reform_step step where step.old_id = commune.area_id))
  from reform_commune commune join household on household.area_id = commune.area_id
