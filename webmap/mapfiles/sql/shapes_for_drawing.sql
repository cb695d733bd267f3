-- Shapes for a picture of 640 pixels, as fine as it can show; the remarkable ones last, so on top.
with box as (select st_extent(shape) as whole from map_preview_feature where file_id = :file_id),
fine as (select greatest(st_xmax(whole) - st_xmin(whole), st_ymax(whole) - st_ymin(whole)) / 1280 as step from box)
select id, state, st_asbinary(st_simplify(shape, fine.step, true))
  from (select id, state, shape from map_preview_feature
         where file_id = :file_id and shape is not null
         order by array_position(array['finding', 'refused', 'changed', 'gone', 'new', 'same'], state), id
         limit :most) chosen, fine
 order by array_position(array['same', 'new', 'gone', 'changed', 'refused', 'finding'], state), id
