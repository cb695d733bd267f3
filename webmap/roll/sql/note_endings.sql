-- The cards of people who are not on a complete roll end on the day before it, and why they are uncovered is known.
insert into roll_change (import_id, table_name, row_id, deed, before, after)
select :import_id, 'card', card.id, 'changed', was.kept,
       was.kept || jsonb_build_object('valid_to', cast(:listed_on as date) - 1, 'source_id', cast(:source_id as int))
  from card
 cross join lateral (select jsonb_build_object('person_id', card.person_id, 'category', card.category, 'number', card.number,
    'valid_from', card.valid_from, 'valid_to', card.valid_to, 'origin', card.origin, 'source_id', card.source_id) as kept) was
 where card.person_id = any(cast(:people as uuid[])) and card.origin <> 'by_hand'
   and card.valid_from < :listed_on and coalesce(card.valid_to, 'infinity') >= :listed_on;
insert into roll_change (import_id, table_name, row_id, deed, before, after)
select :import_id, 'person', p.id, 'changed', was.kept,
       was.kept || jsonb_build_object('reason_group', case when ended.is_subsidy then 'lost_subsidy' else 'expired' end)
  from person p
  join (select (change.after->>'person_id')::uuid as person_id, bool_or(category.group_code = any(cast(:subsidies as text[]))) as is_subsidy
          from roll_change change join card_category category on category.code = change.after->>'category'
         where change.import_id = :import_id and change.id > :since and change.table_name = 'card'
         group by 1) ended on ended.person_id = p.id
 cross join lateral (select jsonb_build_object('insurance_code', p.insurance_code, 'citizen_id', p.citizen_id,
    'reason_group', p.reason_group) as kept) was
 where not exists (select 1 from card where card.person_id = p.id and card.valid_from <= :listed_on
                      and coalesce(card.valid_to, 'infinity') >= :listed_on
                      and not exists (select 1 from roll_change change where change.import_id = :import_id
                                         and change.id > :since and change.row_id = card.id));
