-- Keep what was found out, row by row.
insert into roll_row (import_id, row_number, area_id, full_name, sex, birth_on, birth_year, citizen_id, insurance_code,
  card_number, category, valid_from, valid_to, is_from_assumed, household_code, head_name, address, verdict, person_id,
  card_id, matched_by, confidence, changes, reasons, given)
select :import_id, r.row_number, r.area_id, r.full_name, r.sex, r.birth_on, r.birth_year, r.citizen_id, r.insurance_code,
       r.card_number, r.category, r.valid_from, r.valid_to, r.is_from_assumed, r.household_code, r.head_name, r.address,
       case when r.is_refused then 'refuse'
            when f.is_twice or again.row_number is not null then 'twice'
            when f.person_id is not null then settled.verdict
            when exists (select 1 from roll_scored s where s.row_number = r.row_number) then 'doubtful'
            else 'stranger' end,
       f.person_id, settled.card_id, f.matched_by, f.confidence, coalesce(settled.changes, '{}'), r.reasons, r.given
  from staged_roll r
  left join roll_found f on f.row_number = r.row_number
  left join roll_settled settled on settled.row_number = r.row_number
  left join stranger_again again on again.row_number = r.row_number;

insert into roll_candidate (import_id, row_number, person_id, confidence, agreement)
select :import_id, s.row_number, s.person_id, s.confidence, s.agreement
  from roll_scored s join staged_roll r on r.row_number = s.row_number;
