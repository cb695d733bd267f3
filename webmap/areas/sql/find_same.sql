-- Which feature of the file is an area that is known already? The open one of its level and code.
update stage_area one set area_id = area.id
  from area where area.code = one.code and area.level_id = :level_id and area.valid_to is null
