-- A card that the roll wrote and that is not as it left it any more.
select change.row_id
  from roll_change change left join card on card.id = change.row_id
 where change.import_id = :import_id and change.table_name = 'card'
   and (cast(:row_number as int) is null or change.row_number = :row_number)
   and (card.id is null or jsonb_build_object('person_id', card.person_id, 'category', card.category, 'number', card.number,
          'valid_from', card.valid_from, 'valid_to', card.valid_to, 'origin', card.origin, 'source_id', card.source_id)
        is distinct from change.after)
 limit 1;
