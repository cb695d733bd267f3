-- What the rows on the stage will write: cards that are new, cards and people that change, as they are and as they become.
insert into roll_change (import_id, row_number, table_name, row_id, deed, after)
select :import_id, s.row_number, 'card', uuid7(), 'added',
       jsonb_build_object('person_id', f.person_id, 'category', r.category, 'valid_from', r.valid_from,
         'number', case when length(r.card_number) = 15 then r.card_number end, 'valid_to', r.valid_to,
         'origin', 'roll', 'source_id', cast(:source_id as int))
  from roll_settled s
  join staged_roll r on r.row_number = s.row_number
  join roll_found f on f.row_number = s.row_number
 where s.verdict = 'add';
insert into roll_change (import_id, row_number, table_name, row_id, deed, before, after)
select :import_id, s.row_number, 'card', card.id, 'changed', was.kept,
       was.kept || jsonb_build_object('category', r.category, 'valid_to', r.valid_to, 'origin', 'roll',
         'number', case when length(r.card_number) = 15 then r.card_number else card.number end,
         'valid_from', case when r.is_from_assumed then card.valid_from else r.valid_from end,
         'source_id', cast(:source_id as int))
  from roll_settled s
  join staged_roll r on r.row_number = s.row_number
  join card on card.id = s.card_id
 cross join lateral (select jsonb_build_object('person_id', card.person_id, 'category', card.category, 'number', card.number,
    'valid_from', card.valid_from, 'valid_to', card.valid_to, 'origin', card.origin, 'source_id', card.source_id) as kept) was
 where s.verdict = 'change' and s.changes ?| array['category', 'number', 'valid_from', 'valid_to'];
insert into roll_change (import_id, row_number, table_name, row_id, deed, before, after)
select :import_id, s.row_number, 'person', p.id, 'changed', was.kept,
       was.kept || jsonb_build_object('insurance_code', coalesce(p.insurance_code, r.insurance_code),
         'citizen_id', coalesce(p.citizen_id, r.citizen_id))
  from roll_settled s
  join staged_roll r on r.row_number = s.row_number
  join roll_found f on f.row_number = s.row_number
  join person p on p.id = f.person_id
 cross join lateral (select jsonb_build_object('insurance_code', p.insurance_code, 'citizen_id', p.citizen_id,
    'reason_group', p.reason_group) as kept) was
 where s.changes ?| array['insurance_code', 'citizen_id'];
