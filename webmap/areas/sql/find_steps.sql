-- Which communes does each row of the crosswalk mean? The old code as it was before that day, the new as it is from it;
-- a new one that was given another code since is found by its name in its province.
update stage_step step set
  old_id = (select old.id from area old
             where old.code = step.old_code and old.level_id = :commune and old.valid_from < :day
               and (old.valid_to is null or old.valid_to >= :day)
             order by old.valid_from desc limit 1),
  new_id = coalesce(
    (select new.id from area new
      where new.code = step.new_code and new.level_id = :commune and new.valid_from = :day),
    (select min(new.id) from area new
       join area_parent edge on edge.area_id = new.id and edge.valid_from = :day
       join area province on province.id = edge.parent_id and province.code = step.new_province
      where fold(new.name) = fold(step.new_name) and new.level_id = :commune and new.valid_from = :day
     having count(*) = 1))
