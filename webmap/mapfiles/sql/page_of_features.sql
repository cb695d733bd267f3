-- The features of a preview that stand in one way, a page of them, in the order of the file.
select id, layer, number, what, state, name, facts, st_xmin(shape), st_ymin(shape), st_xmax(shape), st_ymax(shape)
  from map_preview_feature
 where file_id = :file_id and state = :state
 order by id
 limit :most offset :skip
