-- What would the list add and change, level by level?
select area_level.code as level,
       count(*) filter (where unit.area_id is null) as added,
       count(*) filter (where unit.area_id is not null and (area.name <> unit.name or area.kind is distinct from coalesce(unit.kind, area.kind)
       or area.population is distinct from coalesce(unit.population, area.population)
       or (unit.doubt is not null or unit.population is not null) and area.population_doubt is distinct from unit.doubt
         or unit.parent_code is not null and not exists (
              select from area_parent edge join stage_unit above on above.area_id = edge.parent_id
               where edge.area_id = unit.area_id and above.level_id = unit.parent_level_id
                 and above.code = unit.parent_code and edge.valid_from <= :day
                 and (edge.valid_to is null or edge.valid_to > :day)))) as changed,
       count(*) as units
  from stage_unit unit join area_level on area_level.id = unit.level_id left join area on area.id = unit.area_id
 group by area_level.code, area_level.depth order by area_level.depth
