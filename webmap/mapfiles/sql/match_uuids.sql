-- A feature that left by an export is known by its own name.
update stage_area one set area_id = area.id, matched_by = 'uuid'
  from area where area.uuid = one.uuid and area.level_id = :level_id
