-- Which unit of the list is an area that is known already? Of its level and code, the one that began that day, else,
-- unless a new map begins, the one that stood on that day.
update stage_unit unit set area_id = (
  select area.id from area
   where area.code = unit.code and area.level_id = unit.level_id
     and (area.valid_from = :day
          or (not :is_new_map and area.valid_from < :day and (area.valid_to is null or area.valid_to > :day)))
   order by area.valid_from desc limit 1)
 where unit.area_id is null
