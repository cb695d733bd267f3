-- The good rows of a checked file, back on the stage.
insert into staged_row (row_number, person_no, household_no, area_id, household_code, head_name, full_name, sex, birth_on,
  birth_year, citizen_id, insurance_code, phone, relationship, is_head, residency, reason_group, has_card, card_number,
  card_category, valid_from, valid_to, is_from_assumed, alley, house_number, address, note, lon, lat, place_source, building_id)
select g.row_number, g.person_no, g.household_no, g.area_id, g.household_code, g.head_name, g.full_name, g.sex, g.birth_on,
  g.birth_year, g.citizen_id, g.insurance_code, g.phone, g.relationship, g.is_head, g.residency, g.reason_group, g.has_card,
  g.card_number, g.card_category, g.valid_from, g.valid_to, g.is_from_assumed, g.alley, g.house_number, g.address, g.note,
  g.lon, g.lat, g.place_source, g.building_id
  from household_import_row kept, jsonb_to_record(kept.given) as g(
  row_number int, person_no int, household_no int, area_id int, household_code text, head_name text, full_name text,
  sex text, birth_on date, birth_year smallint, citizen_id text, insurance_code text, phone text, relationship text,
  is_head boolean, residency text, reason_group text, has_card boolean, card_number text, card_category text,
  valid_from date, valid_to date, is_from_assumed boolean, alley text, house_number text, address text, note text,
  lon double precision, lat double precision, place_source text, building_id bigint)
 where kept.import_id = :import_id and kept.verdict <> 'refuse';
