-- Walks of one tile, and a layer `turfs`: the ground of each.
with walk as (
  select number, plan_id::text as plan, state, team_id as team, line, turf from map.routes
   where line && st_makeenvelope({box}, 4326) or turf && st_makeenvelope({box}, 4326)
), lines as (
  select st_asmvtgeom(st_simplify(st_transform(line, 3857), {tolerance}, true),
           st_makeenvelope({square}, 3857), 4096, 64) as shape, number, plan, state, team
    from walk order by plan, number
), turfs as (
  select st_asmvtgeom(st_simplify(st_transform(turf, 3857), {tolerance}, true),
           st_makeenvelope({square}, 3857), 4096, 64) as shape, number, plan, state, team
    from walk order by plan, number
)
select (select st_asmvt(lines, 'routes', 4096, 'shape') from lines where shape is not null)
    || (select st_asmvt(turfs, 'turfs', 4096, 'shape') from turfs where shape is not null)
