-- Some rows of a checked roll, back on the stage with the person that each was taken for.
insert into staged_roll (row_number, area_id, full_name, sex, birth_on, birth_year, citizen_id, insurance_code, card_number,
  category, valid_from, valid_to, is_from_assumed, household_code, head_name, address, is_refused, reasons, given)
select row_number, area_id, full_name, sex, birth_on, birth_year, citizen_id, insurance_code, card_number, category,
       valid_from, valid_to, is_from_assumed, household_code, head_name, address, false, '[]', '{}'
  from roll_row where import_id = :import_id and row_number = any(cast(:rows as int[]));
insert into roll_found (row_number, person_id, matched_by, confidence)
select row_number, person_id, matched_by, confidence
  from roll_row
 where import_id = :import_id and row_number = any(cast(:rows as int[])) and person_id is not null;
