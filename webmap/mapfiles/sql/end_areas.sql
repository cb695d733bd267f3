-- Where a new map begins, what it replaces ends.
update area set valid_to = :valid_from, updated_at = now()
 where id in (select area_id from stage_ending where is_empty)
