-- The first of these rows that would now be done otherwise than the dry run said.
select kept.row_number
  from roll_row kept left join roll_settled now_row on now_row.row_number = kept.row_number
 where kept.import_id = :import_id and kept.row_number = any(cast(:rows as int[]))
   and (now_row.verdict is distinct from kept.verdict or now_row.card_id is distinct from kept.card_id
        or now_row.changes is distinct from kept.changes)
 limit 1;
