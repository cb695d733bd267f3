-- Features without a code are known by their name, next to the areas of the same parent; only where that leaves no doubt.
update stage_area one set area_id = found.area_id, matched_by = 'name'
  from (select stage.number, min(area.id) as area_id
          from stage_area stage
          join area on area.level_id = :level_id and area.valid_to is null
                   and area.parent_id is not distinct from stage.parent_id and fold(area.name) = fold(stage.name)
         where stage.code = '' and stage.area_id is null and stage.matched_by is null
         group by stage.number
        having count(*) = 1) found
 where found.number = one.number
   and not exists (select from stage_area other where other.number <> one.number and other.code = ''
                      and other.parent_id is not distinct from one.parent_id and fold(other.name) = fold(one.name))
