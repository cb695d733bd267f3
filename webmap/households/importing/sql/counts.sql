-- The figures of a dry run.
select jsonb_build_object(
  'households_added', (select count(*) from staged_household where is_new),
  'households_changed', (select count(*) from staged_household where not is_new and changes <> '{}'),
  'households_same', (select count(*) from staged_household where not is_new and changes = '{}'),
  'people_added', (select count(*) from staged_row where person_id is null and row_number = person_no),
  'people_changed', (select count(distinct person_id) from staged_row where person_id is not null and changes <> '{}'),
  'people_same', (select count(*) from (select person_id from staged_row where person_id is not null
     group by person_id having bool_and(changes = '{}')) unchanged),
  'cards_added', (select count(*) from staged_row where has_card and card_id is null),
  'cards_changed', (select count(*) from staged_row where card_change <> '{}'),
  'households_placed', (select count(*) from staged_household where lon is not null),
  'households', (select count(*) from staged_household));
