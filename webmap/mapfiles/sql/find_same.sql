-- Which feature of the file is an area that is known already? The area of its level and code that began that day, else,
-- unless a new map begins, the one that stood on that day or stands now.
update stage_area one set matched_by = 'code', area_id = (
  select area.id from area
   where area.code = one.code and area.level_id = :level_id
     and (area.valid_from = :valid_from or (not :is_new_map and (
          area.valid_to is null or (area.valid_from <= :valid_from and area.valid_to > :valid_from))))
   order by area.valid_from = :valid_from desc,
            area.valid_from <= :valid_from and (area.valid_to is null or area.valid_to > :valid_from) desc,
            area.valid_from desc
   limit 1)
 where one.area_id is null and one.code <> ''
