-- The rows now know whom they became.
update household_import_row kept
   set household_id = s.household_id, person_id = coalesce(r.person_id, r.new_person_id)
  from staged_row r join staged_household s on s.no = r.household_no
 where kept.import_id = :import_id and kept.row_number = r.row_number;
