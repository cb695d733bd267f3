-- An area that belongs to another parent now: the old time with its parent ends where the new one begins.
update area_parent edge set valid_to = :valid_from
  from stage_area one
 where edge.area_id = one.area_id and edge.valid_to is null and edge.parent_id <> one.parent_id
   and edge.valid_from < :valid_from
   and not exists (select from area where area.id = one.area_id and area.valid_to is not null)
