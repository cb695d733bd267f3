-- What a person chose counts more.
update reform_village village set to_id = chosen.new_id, how = 'chosen'
  from unnest(cast(:villages as int[]), cast(:communes as int[])) chosen (village_id, new_id)
 where chosen.village_id = village.village_id and village.is_split
   and exists (select from reform_step step where step.old_id = village.old_id and step.new_id = chosen.new_id)
