-- What they become.
insert into reform_step (old_id, new_id)
select commune.area_id, step.new_area_id
  from reform_commune commune join area_crosswalk step
    on step.old_area_id = commune.area_id and step.changed_on = commune.day
