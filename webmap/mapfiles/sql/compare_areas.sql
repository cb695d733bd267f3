-- How does each feature stand to the tree, and what about it would change?
update stage_area set state = compared.state, facts = compared.facts from (
select one.number,
       case when one.area_id is null then 'new'
            when area.name <> one.name or area.kind is distinct from coalesce(one.kind, area.kind)
              or area.population is distinct from coalesce(one.population, area.population)
              or area.boundary is distinct from one.boundary or area.boundary_kind <> 'official'
              or (area.parent_id is distinct from one.parent_id and area.valid_to is null and not :is_top
                  and one.parent_id is not null)
            then 'changed' else 'same' end as state,
       jsonb_strip_nulls(jsonb_build_object(
         'code', nullif(coalesce(nullif(one.code, ''), area.code), ''),
         'matched_by', case when one.area_id is not null then one.matched_by end,
         'problem', one.problem,
         'kind', one.kind,
         'parent', parent.name,
         'parent_before', case when area.parent_id is distinct from one.parent_id and area.valid_to is null
                                and not :is_top and one.parent_id is not null then before.name end,
         'name_before', case when area.name <> one.name then area.name end,
         'population', one.population,
         'population_before', case when area.population <> one.population then area.population end,
         'doubt', case
           when one.population < 1000 and one.population / nullif(st_area(one.boundary::geography) / 1e6, 0) < 30
             and :depth < 5 then 'few'
           when one.population / nullif(st_area(one.boundary::geography) / 1e6, 0) > 100000 then 'many' end,
         'is_first_boundary', case when one.area_id is not null and area.boundary is null then true end,
         'boundary_share', case when area.boundary is distinct from one.boundary then
           st_area(st_symdifference(area.boundary, one.boundary)) / nullif(st_area(area.boundary), 0) end)) as facts
  from stage_area one
  left join area on area.id = one.area_id
  left join area parent on parent.id = coalesce(one.parent_id, case when :is_top then null else area.parent_id end)
  left join area before on before.id = area.parent_id
) compared where compared.number = stage_area.number
