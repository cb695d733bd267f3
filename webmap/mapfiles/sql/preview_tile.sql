-- One tile of a preview. Far out, houses smaller than half a pixel are points.
with square as (
  select st_tileenvelope(:z, :x, :y) as web, st_transform(st_tileenvelope(:z, :x, :y, margin => 0.02), 4326) as here),
found as (
  select id, what, state, left(name, 60) as name, shape
    from map_preview_feature, square
   where file_id = :file_id and shape && square.here
   order by array_position(array['finding', 'refused', 'changed', 'gone', 'new', 'same'], state), id
   limit 20000)
select st_asmvt(drawn, 'preview', 4096, 'shape', 'id')
  from (select id, what, state, name,
               coalesce(st_asmvtgeom(st_transform(shape, 3857), square.web, 4096, 64),
                        st_asmvtgeom(st_transform(st_pointonsurface(shape), 3857), square.web, 4096, 64)) as shape
          from found, square) drawn
 where shape is not null
