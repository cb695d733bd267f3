-- Each person's newest pledge that stands in no visit recorded by mistake, and what has come of it until a day.
-- Nothing is stored: a pledge is what a visit found, kept is what a card says. One line for one person.
with said as (
  select visit_person.person_id, visit_person.outcome, visit_person.pledged_until, visit_person.pay_how,
         visit_person.note, visit.id as visit_id, visit.account_id, visit.household_id,
         least(visit.happened_at, visit.received_at) as said_at,
         (least(visit.happened_at, visit.received_at) at time zone 'Asia/Ho_Chi_Minh')::date as said_on
    from visit_person
    join visit on visit.id = visit_person.visit_id
    join person on person.id = visit_person.person_id
   where person.area_id = any(:areas)
     and not exists (select 1 from visit as correction where correction.corrects_visit_id = visit.id)
     and (least(visit.happened_at, visit.received_at) at time zone 'Asia/Ho_Chi_Minh')::date <= :day
), newest as (
  select distinct on (person_id) *, count(*) over (partition by person_id) as times,
         min(said_on) over (partition by person_id) as first_on
    from said where outcome = 'pledged'
   order by person_id, said_at desc, visit_id desc
), ended as (
  -- what the same person said later, if it ends the pledge
  select distinct on (newest.person_id) newest.person_id, said.outcome, said.said_on
    from newest join said on said.person_id = newest.person_id and (said.said_at, said.visit_id) > (newest.said_at, newest.visit_id)
   where said.outcome in ('refused', 'moved', 'deceased', 'needs_support', 'enrolled', 'has_card')
   order by newest.person_id, said.said_at desc, said.visit_id desc
), kept as (
  select newest.person_id, min(card.valid_from) as kept_on
    from newest join card on card.person_id = newest.person_id
   where card.valid_from >= newest.first_on
   group by newest.person_id
)
select newest.person_id, person.full_name, person.phone, person.birth_on, person.birth_year, person.area_id,
       area.name as village, household.id as household_id, household.code, household.head_name,
       household.phone as household_phone,
       newest.first_on, newest.said_on, newest.times, newest.pledged_until as due_on, newest.pay_how, newest.note,
       newest.account_id, account.full_name as taken_by,
       ended.outcome as ended_by, ended.said_on as ended_on, kept.kept_on,
       case when kept.kept_on is not null then 'kept'
            when ended.outcome in ('refused', 'moved', 'deceased', 'needs_support') then 'withdrawn'
            when person.residency in ('moved_out', 'deceased') then 'withdrawn'
            when ended.outcome in ('enrolled', 'has_card') then 'reported'
            when newest.pledged_until < :day then 'overdue'
            else 'open' end as state
  from newest
  join person on person.id = newest.person_id
  join household on household.id = person.household_id
  join area on area.id = person.area_id
  left join account on account.id = newest.account_id
  left join ended on ended.person_id = newest.person_id
  left join kept on kept.person_id = newest.person_id
 order by newest.pledged_until, area.name collate "vi-x-icu", household.code, person.id
