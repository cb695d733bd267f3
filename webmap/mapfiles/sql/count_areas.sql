-- What would the file add, change and leave as it is?
select count(*) filter (where one.area_id is null) as added,
       count(*) filter (where one.area_id is not null and (
         area.name <> one.name or area.kind is distinct from coalesce(one.kind, area.kind)
         or area.population is distinct from coalesce(one.population, area.population)
         or area.boundary is distinct from one.boundary or area.boundary_kind <> 'official'
         or (area.parent_id is distinct from one.parent_id and area.valid_to is null and not :is_top))) as changed,
       count(*) as features
  from stage_area one left join area on area.id = one.area_id
