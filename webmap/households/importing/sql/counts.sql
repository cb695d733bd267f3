-- The figures of a dry run.
select
  (select count(*) from staged_household where is_new) as households_added,
  (select count(*) from staged_household where not is_new and changes <> '{}') as households_changed,
  (select count(*) from staged_household where not is_new and changes = '{}') as households_same,
  (select count(*) from staged_row where person_id is null and row_number = person_no) as people_added,
  (select count(distinct person_id) from staged_row where person_id is not null and changes <> '{}') as people_changed,
  (select count(*) from (select person_id from staged_row where person_id is not null
     group by person_id having bool_and(changes = '{}')) unchanged) as people_same,
  (select count(*) from staged_row where has_card and card_id is null) as cards_added,
  (select count(*) from staged_row where card_change <> '{}') as cards_changed,
  (select count(*) from staged_household where lon is not null) as households_placed,
  (select count(*) from staged_household) as households;
