-- What does each link cross: water, or a building? And did a person say that it is no gap?
with link as (
  select ordinality - 1 as number, st_geomfromwkb(line, 4326) as line
    from unnest(cast(:lines as bytea[])) with ordinality as given (line, ordinality)
)
select number,
       exists (select from terrain where terrain.kind in ('river', 'canal', 'lake', 'sea')
                  and terrain.shape && link.line and st_intersects(terrain.shape, link.line)) as crosses_water,
       exists (select from building where building.outline && link.line
                  and st_intersects(building.outline, link.line) and building.same_as_id is null) as crosses_building,
       (select told.id from not_a_gap told
         where told.line && st_expand(link.line, 0.0002)
           and st_hausdorffdistance(told.line, link.line) < :same limit 1) as not_a_gap_id
  from link order by number
