-- What a change of the map did to the rows of one table of the basemap, as features for the map.
select '{table}' as layer, '{table}' as what, case change.deed when 'added' then 'new' else 'changed' end as state, {name} as name,
       case change.deed when 'changed' then jsonb_build_object('before', change.before - '{shape}') else '{{}}' end as facts,
       {table}.{shape} as shape
  from map_change change join {table} on {table}.id = change.row_id
 where change.import_id = '{import_id}' and change.table_name = '{table}' and change.deed <> 'removed'
union all
select '{table}', '{table}', 'gone', {name}, '{{}}', {shape}
  from map_change change, jsonb_populate_record(null::{table}, change.before) was
 where change.import_id = '{import_id}' and change.table_name = '{table}' and change.deed = 'removed'
union all
select '{table}', '{table}', 'same', {name}, '{{}}', {table}.{shape}
  from {table}
 where exists (select from {stage} new where {same})
   and not exists (select from map_change change
                    where change.import_id = '{import_id}' and change.table_name = '{table}' and change.row_id = {table}.id)
