-- Why people of an area have no card, as far as their cards say: the last one ended, and it was paid by the state for a
-- group (lost_subsidy) or not (expired). Only where nobody has said anything else; what the rule said goes when a card
-- holds again. Returns how many people it was written or taken away for.
with ended as (
  select distinct on (card.person_id) card.person_id,
         case when category.group_code in ('poor', 'near_poor', 'area', 'social') then 'lost_subsidy' else 'expired' end
           as reason
    from person join card on card.person_id = person.id join card_category category on category.code = card.category
   where person.area_id = :area_id and person.status in ('uncovered', 'pledged') and card.valid_to < :today
     and coalesce(person.reason_group, 'unknown') = 'unknown'
   order by card.person_id, card.valid_to desc, card.id
),
given as (
  update person set reason_group = ended.reason, updated_at = now()
    from ended
   where ended.person_id = person.id and person.residency in ('living', 'away')
     and coalesce(person.reason_group, 'unknown') = 'unknown'
  returning person.id
),
settled as (
  update person set reason_group = null, updated_at = now()
   where area_id = :area_id and status in ('covered', 'expiring') and reason_group in ('expired', 'lost_subsidy')
  returning id
)
select (select count(*) from given) + (select count(*) from settled)
