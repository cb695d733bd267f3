-- People by a number that is one person's: insurance code, citizen id, card.
create temporary table roll_hit on commit drop as
select row_number, person_id,
       (array['insurance_code', 'citizen_id', 'card_number'])[min(place)] as matched_by
  from (select r.row_number, k.person_id, 1 as place
          from staged_roll r join known k on k.insurance_code = r.insurance_code
        union all
        select r.row_number, k.person_id, 2
          from staged_roll r join known k on k.citizen_id = r.citizen_id
        union all
        select r.row_number, k.person_id, 3
          from staged_roll r join card on card.number = r.card_number join known k on k.person_id = card.person_id
         where length(r.card_number) = 15) hit
 where not exists (select 1 from roll_found f where f.row_number = hit.row_number)
 group by row_number, person_id;
create index on roll_hit (row_number);
analyze roll_hit;

-- Sure when one person fits, no other number says no, and the name or the year of birth says yes.
insert into roll_found (row_number, person_id, matched_by, confidence)
select hit.row_number, hit.person_id, hit.matched_by, 0.9999
  from (select row_number, (array_agg(person_id))[1] as person_id, min(matched_by) as matched_by
          from roll_hit group by row_number having count(*) = 1) hit
  join staged_roll r on r.row_number = hit.row_number
  join known k on k.person_id = hit.person_id
 where not coalesce(length(r.citizen_id) = length(k.citizen_id) and r.citizen_id <> k.citizen_id, false)
   and not coalesce(r.insurance_code <> k.insurance_code, false)
   and (r.name_folded = k.name_folded or similarity(r.name_folded, k.name_folded) >= 0.4
        or coalesce(r.birth_year, extract(year from r.birth_on)) = k.birth_year);

-- The others are for a person to decide.
insert into roll_scored (row_number, person_id, confidence, agreement)
select hit.row_number, hit.person_id, 0.5, jsonb_build_object('number', hit.matched_by)
  from roll_hit hit
 where not exists (select 1 from roll_found f where f.row_number = hit.row_number);
