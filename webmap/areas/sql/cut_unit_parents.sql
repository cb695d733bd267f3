-- A known unit that lies elsewhere by the list: its time with its parent of before ends that day.
update area_parent edge set valid_to = :day
  from stage_unit unit join stage_unit above on above.level_id = unit.parent_level_id and above.code = unit.parent_code
 where edge.area_id = unit.area_id and edge.parent_id <> above.area_id and edge.valid_from < :day
   and (edge.valid_to is null or edge.valid_to > :day)
