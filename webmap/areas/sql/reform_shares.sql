-- Of villages of a split commune: how much of their ground, and how many of their placed households, in each new one?
insert into reform_share (village_id, new_id, ground, houses)
select village.village_id, step.new_id,
       case when area.boundary_kind in ('official', 'drawn') and new.boundary is not null
            then st_area(st_intersection(area.boundary, new.boundary)) / nullif(st_area(area.boundary), 0) end,
       (select count(*) from household
         where household.area_id = village.village_id and household.ended_on is null
           and st_covers(new.boundary, household.point))
  from reform_village village join area on area.id = village.village_id
  join reform_step step on step.old_id = village.old_id
  join area new on new.id = step.new_id
 where village.is_split
