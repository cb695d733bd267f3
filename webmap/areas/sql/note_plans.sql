-- Open plans of a commune that went whole into another belong to that one; their doors are the same. Noted for undoing.
with heir as (
  select step.old_id, min(step.new_id) as new_id from reform_step step join area old on old.id = step.old_id
   where old.valid_to is not null group by step.old_id having count(*) = 1
),
open_plan as (
  select plan.id, plan.area_id, plan.parameters, heir.new_id from plan left join heir on heir.old_id = plan.area_id
   where plan.state <> 'closed' and (heir.new_id is not null or exists (
           select from jsonb_array_elements_text(plan.parameters -> 'areas') chosen (area_id)
             join reform_commune on reform_commune.area_id = chosen.area_id::int))
),
noted as (
  insert into map_change (import_id, table_name, row_id, deed, before)
  select :import_id, 'plan', hashtextextended(open_plan.id::text, 0), 'changed', jsonb_build_object(
           'id', open_plan.id, 'area_id', open_plan.area_id, 'parameters', open_plan.parameters) from open_plan
  union all
  select :import_id, 'route', hashtextextended(route.id::text, 0), 'changed', jsonb_build_object(
           'id', route.id, 'area_id', route.area_id)
    from route join open_plan on open_plan.id = route.plan_id join heir on heir.old_id = route.area_id
),
routes as (
  update route set area_id = heir.new_id
    from open_plan, heir where open_plan.id = route.plan_id and heir.old_id = route.area_id
)
update plan set area_id = coalesce(open_plan.new_id, plan.area_id), parameters = case
         when plan.parameters ? 'areas' then jsonb_set(plan.parameters, '{areas}', coalesce((
           select jsonb_agg(distinct coalesce(village.village_id, chosen.area_id::int))
             from jsonb_array_elements_text(plan.parameters -> 'areas') chosen (area_id)
             left join reform_village village on village.old_id = chosen.area_id::int), plan.parameters -> 'areas'))
         else plan.parameters end
  from open_plan where open_plan.id = plan.id
