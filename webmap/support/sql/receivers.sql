-- Who may receive a card of a donation, in the order of the sponsor's rules: whoever the age puts first, then the
-- hardest up, then whoever waits longest. Only people living there without a card and without a gift for these days.
with candidate as (
  select person.id, person.full_name, person.birth_on, person.birth_year, person.household_id, person.area_id,
         person.reason_group, person.next_step, household.code, household.head_name, area.name as village,
         coalesce(extract(year from age(:day, person.birth_on)), extract(year from cast(:day as date)) - person.birth_year)::int
           as years,
         last_card.category as last_category, last_card.group_code as last_group,
         coalesce(last_card.valid_to, (person.created_at at time zone 'Asia/Ho_Chi_Minh')::date) as waiting_since,
         last_card.valid_to as card_ended_on
    from person
    join household on household.id = person.household_id
    join area on area.id = person.area_id
    left join lateral (
      select card.category, card_category.group_code, card.valid_to
        from card join card_category on card_category.code = card.category
       where card.person_id = person.id
       order by card.valid_to desc nulls first, card.valid_from desc limit 1) last_card on true
   where person.area_id = any(:areas) and person.residency = 'living' and person.status in ('uncovered', 'pledged')
     and (cast(:only as uuid[]) is null or person.id = any(:only))
     and not has_gift(person.id, :from_on, :to_on)
), judged as (
  select *,
         years >= 6 and (years <= 17 or reason_group is not distinct from 'student'
           or (last_group is not distinct from 'student' and years <= 24))
         or (years is null and reason_group is not distinct from 'student') as is_pupil,
         coalesce(years between coalesce(:age_from, 0) and coalesce(:age_to, 200), false) as is_of_age,
         case when reason_group = 'hardship' then 3 when next_step = 'sponsor' then 2
              when reason_group = 'lost_subsidy' or last_group in ('poor', 'near_poor') then 1 else 0 end as hardship
    from candidate
)
select * from judged
 where (:receivers = 'anyone' or coalesce(is_pupil, false) = (:receivers = 'pupils'))
   and (is_of_age or :age_is_first or (cast(:age_from as int) is null and cast(:age_to as int) is null))
 order by :age_is_first and not is_of_age, case when :hardship_first then -hardship else 0 end, waiting_since,
          village collate "vi-x-icu", code, id
 limit :most
