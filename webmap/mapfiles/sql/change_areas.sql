-- Bring known areas to what the file says; what it does not say stays.
update area set name = one.name, kind = coalesce(one.kind, area.kind), boundary = one.boundary,
       population = coalesce(one.population, area.population), boundary_kind = 'official',
       source_id = :source_id, updated_at = now()
  from stage_area one
 where area.id = one.area_id and (
       area.name <> one.name or area.kind is distinct from coalesce(one.kind, area.kind)
       or area.population is distinct from coalesce(one.population, area.population)
       or area.boundary is distinct from one.boundary or area.boundary_kind <> 'official')
