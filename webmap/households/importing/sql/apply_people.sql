-- New people, changed people, their cards.
insert into person (id, household_id, area_id, full_name, sex, birth_on, birth_year, citizen_id, insurance_code, phone,
                    relationship, is_head, residency, reason_group, source_id)
select r.new_person_id, s.household_id, s.area_id, r.full_name, r.sex, r.birth_on, r.birth_year, r.citizen_id,
       r.insurance_code, r.phone, r.relationship, coalesce(r.is_head, false), coalesce(r.residency, 'living'),
       r.reason_group, :source_id
  from staged_row r join staged_household s on s.no = r.household_no
 where r.person_id is null and r.row_number = r.person_no
 order by s.no, r.row_number;

update person p
   set household_id = s.household_id, area_id = s.area_id,
       full_name = case when r.changes ? 'full_name' then r.full_name else p.full_name end,
       sex = coalesce(r.sex, p.sex),
       birth_on = case when r.changes ? 'birth' then r.birth_on else p.birth_on end,
       birth_year = case when r.changes ? 'birth' then r.birth_year else p.birth_year end,
       citizen_id = coalesce(r.citizen_id, p.citizen_id), insurance_code = coalesce(r.insurance_code, p.insurance_code),
       phone = coalesce(r.phone, p.phone), relationship = coalesce(r.relationship, p.relationship),
       is_head = coalesce(r.is_head, p.is_head), residency = coalesce(r.residency, p.residency),
       reason_group = coalesce(r.reason_group, p.reason_group),
       version = p.version + 1, updated_at = now()
  from staged_row r join staged_household s on s.no = r.household_no
 where p.id = r.person_id and r.row_number = r.person_no
   and r.changes - array['card', 'card_number', 'valid_to', 'head_name', 'household_phone', 'alley', 'house_number',
                         'address', 'note', 'place'] <> '{}';

insert into card (person_id, category, number, valid_from, valid_to, origin, source_id)
select coalesce(person_id, new_person_id), card_category, card_number, valid_from, valid_to, 'import', :source_id
  from staged_row where has_card and card_id is null order by row_number;

update card c
   set number = coalesce(r.card_number, c.number),
       valid_to = case when r.card_change ? 'valid_to' then r.valid_to else c.valid_to end
  from staged_row r where c.id = r.card_id and r.card_change <> '{}';
