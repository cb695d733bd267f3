-- The staged areas as features of a preview, in the order of the file.
insert into map_preview_feature (file_id, id, layer, number, what, state, name, facts, shape)
select :file_id, :first + row_number() over (order by number), :layer, number, 'area', state, name, facts, boundary
  from stage_area
