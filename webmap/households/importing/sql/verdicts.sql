-- Keep what would be done with each good row. `given` is the cleaned row: applying starts from it.
insert into household_import_row (import_id, row_number, verdict, given, changes, reasons, household_id, person_id)
select :import_id, r.row_number,
       case when r.person_id is null and r.row_number = r.person_no then 'add'
            when r.person_id is null or r.changes <> '{}' then 'change' else 'same' end,
       to_jsonb(r) - array['person_id', 'found_by', 'new_person_id', 'card_id', 'card_change', 'problem',
                           'problem_field', 'problem_facts', 'changes'],
       r.changes, coalesce(left_out.reasons, '[]'),
       case when not s.is_new then s.household_id end, r.person_id
  from staged_row r
  join staged_household s on s.no = r.household_no
  left join staged_left_out left_out on left_out.row_number = r.row_number;
