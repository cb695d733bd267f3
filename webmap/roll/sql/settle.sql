-- What each row with a person would do to her cards and numbers. The card that a row speaks of: the same number or
-- category, holding in part of the same days; the nearest of several.
insert into roll_settled (row_number, card_id, verdict, changes)
with held as (
  select distinct on (r.row_number) r.row_number, card.id, card.category, card.number, card.valid_from, card.valid_to
    from staged_roll r
    join roll_found f on f.row_number = r.row_number
    join card on card.person_id = f.person_id
   where not r.is_refused and not f.is_twice
     and (card.category = r.category or card.number = r.card_number)
     and card.valid_from <= coalesce(r.valid_to, 'infinity') and coalesce(card.valid_to, 'infinity') >= r.valid_from
   order by r.row_number, card.number = r.card_number desc nulls last, card.category = r.category desc,
            card.valid_from = r.valid_from desc, card.valid_from desc, card.id
), seen as (
  select r.row_number, held.id as card_id,
         case when held.id is null then jsonb_build_object('card', jsonb_build_array(null, coalesce(r.card_number, r.category)))
              else '{}'::jsonb end
         || case when held.id is not null and held.category <> r.category
                 then jsonb_build_object('category', jsonb_build_array(held.category, r.category)) else '{}'::jsonb end
         || case when held.id is not null and length(r.card_number) = 15 and held.number is distinct from r.card_number
                 then jsonb_build_object('number', jsonb_build_array(held.number, r.card_number)) else '{}'::jsonb end
         || case when held.id is not null and not r.is_from_assumed and held.valid_from <> r.valid_from
                 then jsonb_build_object('valid_from', jsonb_build_array(held.valid_from, r.valid_from)) else '{}'::jsonb end
         || case when held.id is not null and held.valid_to is distinct from r.valid_to
                 then jsonb_build_object('valid_to', jsonb_build_array(held.valid_to, r.valid_to)) else '{}'::jsonb end
         || case when p.insurance_code is null and r.insurance_code is not null
                 then jsonb_build_object('insurance_code', jsonb_build_array(null, r.insurance_code)) else '{}'::jsonb end
         || case when p.citizen_id is null and r.citizen_id is not null
                 then jsonb_build_object('citizen_id', jsonb_build_array(null, r.citizen_id)) else '{}'::jsonb end as changes
    from staged_roll r
    join roll_found f on f.row_number = r.row_number
    join person p on p.id = f.person_id
    left join held on held.row_number = r.row_number
   where not r.is_refused and not f.is_twice
)
select row_number, card_id, case when card_id is null then 'add' when changes = '{}' then 'same' else 'change' end, changes
  from seen;
