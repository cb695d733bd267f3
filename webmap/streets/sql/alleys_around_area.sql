-- The alleys that are walked in and around an area, and whether each touches the area itself.
with place as (
  select boundary as shape, st_buffer(boundary::geography, :around)::geometry as wide from area where id = :area_id
)
select alley.uuid, alley.name, alley.kind, alley.access = 'private' as is_private, st_asbinary(alley.line) as line,
       st_intersects(alley.line, place.shape) as is_inside
  from alley, place
 where alley.line && place.wide and st_intersects(alley.line, place.wide)
   and alley.is_walkable and (alley.closed_on is null or alley.closed_on > :today)
 order by alley.id
