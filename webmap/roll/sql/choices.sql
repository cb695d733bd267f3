-- What somebody decided before on such a row comes first.
insert into roll_found (row_number, person_id, matched_by, confidence)
select r.row_number, choice.person_id, 'choice', 1
  from staged_roll r
  join roll_choice choice on choice.identity = {identity} and choice.area_id = :area_id
 where choice.person_id is null or choice.person_id in (select person_id from known);
