-- Doors whose derived state has to be worked out anew: new, changed, moved out of, and with a new or changed card.
select household_id from staged_household where is_new
union
select s.household_id from staged_row r join staged_household s on s.no = r.household_no
 where r.changes <> '{}' or r.person_id is null
union
select left_behind from staged_left_behind;
