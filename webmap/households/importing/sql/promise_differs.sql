-- The first row that would now be done otherwise than the dry run said.
select kept.row_number
  from (select * from household_import_row where import_id = :import_id and verdict <> 'refuse') kept
  full join (select r.row_number, r.person_id, r.changes,
                    case when r.person_id is null and r.row_number = r.person_no then 'add'
                         when r.person_id is null or r.changes <> '{}' then 'change' else 'same' end as verdict
               from staged_row r) now_row on now_row.row_number = kept.row_number
 where kept.verdict is distinct from now_row.verdict or kept.changes is distinct from now_row.changes
    or kept.person_id is distinct from now_row.person_id
 limit 1;
