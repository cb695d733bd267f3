-- Bring known areas to what the list says; what it does not say stays.
update area set name = unit.name, kind = coalesce(unit.kind, area.kind),
       population = coalesce(unit.population, area.population),
       population_doubt = case when unit.doubt is not null or unit.population is not null then unit.doubt
                               else area.population_doubt end,
       updated_at = now()
  from stage_unit unit where area.id = unit.area_id and (area.name <> unit.name or area.kind is distinct from coalesce(unit.kind, area.kind)
       or area.population is distinct from coalesce(unit.population, area.population)
       or (unit.doubt is not null or unit.population is not null) and area.population_doubt is distinct from unit.doubt)
