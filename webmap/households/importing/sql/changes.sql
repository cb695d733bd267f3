-- What each staged row would change: {field: [old, new]}; what the file does not say stays as it is.
delete from staged_household s where not exists (select 1 from staged_row r where r.household_no = s.no);
update staged_household set household_id = uuid7(), is_new = true where household_id is null;
-- A new household without a named head gets its first row as head.
update staged_row r set is_head = true
  from staged_household s
 where s.is_new and s.head_row = r.row_number and r.is_head is null
   and not exists (select 1 from staged_row other where other.household_no = s.no and other.is_head);
update staged_row set new_person_id = uuid7() where person_id is null and row_number = person_no;
update staged_row r set new_person_id = one.new_person_id
  from staged_row one where one.row_number = r.person_no and r.row_number <> r.person_no;

update staged_household s
   set changes = jsonb_strip_nulls(jsonb_build_object(
         'head_name', case when s.head_name <> h.head_name and not (fold(s.head_name) = fold(h.head_name)
           and fold(s.head_name) = lower(s.head_name)) or h.head_name is null and s.head_name is not null
           then jsonb_build_array(h.head_name, s.head_name) end,
         'household_phone', case when s.phone is distinct from h.phone and s.phone is not null
           then jsonb_build_array(h.phone, s.phone) end,
         'alley', case when s.alley is distinct from h.alley_name and s.alley is not null
           then jsonb_build_array(h.alley_name, s.alley) end,
         'house_number', case when s.house_number is distinct from h.house_number and s.house_number is not null
           then jsonb_build_array(h.house_number, s.house_number) end,
         'address', case when s.address is distinct from h.address and s.address is not null
           then jsonb_build_array(h.address, s.address) end,
         'note', case when s.note is distinct from h.note and s.note is not null
           then jsonb_build_array(h.note, s.note) end,
         -- a place that somebody took at the door or set by hand is better than the file's
         'place', case when s.lon is not null and (h.point is null or h.place_source = 'import' and s.place_source = 'import'
             and st_distance(h.point, st_setsrid(st_makepoint(s.lon, s.lat), 4326)) > 0.000001)
           then jsonb_build_array(case when h.point is not null
             then round(st_y(h.point)::numeric, 6) || ', ' || round(st_x(h.point)::numeric, 6) end,
             round(s.lat::numeric, 6) || ', ' || round(s.lon::numeric, 6)) end))
  from household h where h.id = s.household_id;

update staged_row r
   set changes = jsonb_strip_nulls(jsonb_build_object(
         'household_code', case when p.household_id <> s.household_id then jsonb_build_array(
           (select code from household where id = p.household_id), coalesce(s.code, s.head_name, '')) end,
         'full_name', case when r.full_name <> p.full_name and not (fold(r.full_name) = p.name_folded
           and fold(r.full_name) = lower(r.full_name)) then jsonb_build_array(p.full_name, r.full_name) end,
         'sex', case when r.sex <> p.sex or r.sex is not null and p.sex is null then jsonb_build_array(p.sex, r.sex) end,
         'birth', case
           when r.birth_on is not null and r.birth_on is distinct from p.birth_on
             then jsonb_build_array(coalesce(p.birth_on::text, p.birth_year::text), r.birth_on::text)
           when r.birth_year is not null
             and r.birth_year is distinct from coalesce(p.birth_year, extract(year from p.birth_on))
             then jsonb_build_array(coalesce(p.birth_on::text, p.birth_year::text), r.birth_year::text) end,
         'citizen_id', case when r.citizen_id is not null and r.citizen_id is distinct from p.citizen_id
           then jsonb_build_array(p.citizen_id, r.citizen_id) end,
         'insurance_code', case when r.insurance_code is not null and r.insurance_code is distinct from p.insurance_code
           then jsonb_build_array(p.insurance_code, r.insurance_code) end,
         'phone', case when r.phone is not null and r.phone is distinct from p.phone
           then jsonb_build_array(p.phone, r.phone) end,
         'relationship', case when r.relationship is not null and r.relationship is distinct from p.relationship
           then jsonb_build_array(p.relationship, r.relationship) end,
         'is_head', case when r.is_head is not null and r.is_head <> p.is_head
           then jsonb_build_array(p.is_head, r.is_head) end,
         'residency', case when r.residency is not null and r.residency <> p.residency
           then jsonb_build_array(p.residency, r.residency) end,
         'reason_group', case when r.reason_group is not null and r.reason_group is distinct from p.reason_group
           then jsonb_build_array(p.reason_group, r.reason_group) end))
  from person p, staged_household s
 where p.id = r.person_id and s.no = r.household_no and r.row_number = r.person_no;

-- Cards: the same card by person, category and number where both have one, and the same first day; a first day that
-- was only assumed is no reason for a second card.
update staged_row r set card_id = c.id, card_change = jsonb_strip_nulls(jsonb_build_object(
         'card_number', case when r.card_number is not null and r.card_number is distinct from c.number
           then jsonb_build_array(c.number, r.card_number) end,
         'valid_to', case when r.valid_to is distinct from c.valid_to and (r.valid_to is not null or not r.is_from_assumed)
           then jsonb_build_array(coalesce(c.valid_to::text, '–'), coalesce(r.valid_to::text, '–')) end))
  from (select distinct on (row_number) r2.row_number, c2.*
          from staged_row r2 join card c2 on c2.person_id = r2.person_id and c2.category = r2.card_category
           and (c2.number is null or r2.card_number is null or c2.number = r2.card_number)
           and (c2.valid_from = r2.valid_from or r2.is_from_assumed and c2.valid_to is not distinct from r2.valid_to)
         where r2.has_card
         order by row_number, (c2.number is not distinct from r2.card_number) desc, c2.valid_from desc) c
 where c.row_number = r.row_number;
update staged_row set changes = changes || card_change where card_change <> '{}';
update staged_row set changes = changes || jsonb_build_object('card', jsonb_build_array(null,
         concat_ws(' ', card_category, card_number, to_char(valid_from, 'DD/MM/YYYY') || '–',
                   to_char(valid_to, 'DD/MM/YYYY'))))
 where has_card and card_id is null and person_id is not null;
update staged_row r set changes = r.changes || s.changes
  from staged_household s where s.head_row = r.row_number and s.changes <> '{}';
