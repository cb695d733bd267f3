-- People already on the register by a number that belongs to one person: citizen id, insurance code, card.
update staged_household s set household_id = h.id
  from household h
 where s.code is not null and h.area_id = s.area_id and lower(h.code) = lower(s.code);

update staged_row r set person_id = p.id, found_by = 'citizen_id'
  from (select distinct on (citizen_id) citizen_id, id from person
         where citizen_id is not null and area_id in (select area_id from import_area)
         order by citizen_id, id) p
 where r.citizen_id = p.citizen_id;

update staged_row r set person_id = p.id, found_by = 'insurance_code'
  from (select distinct on (insurance_code) insurance_code, id from person
         where insurance_code is not null and area_id in (select area_id from import_area)
         order by insurance_code, id) p
 where r.person_id is null and r.insurance_code = p.insurance_code;

update staged_row r set person_id = p.person_id, found_by = 'card_number'
  from (select distinct on (c.number) c.number, c.person_id
          from card c join person on person.id = c.person_id
         where c.number is not null and person.area_id in (select area_id from import_area)
         order by c.number, c.person_id) p
 where r.person_id is null and length(r.card_number) = 15 and r.card_number = p.number;
