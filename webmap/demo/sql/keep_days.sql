-- How did all areas stand as each of the last days ended? Today's people and households, by who held a card on that day.
with held as (
  select person.id, person.area_id, person.residency = 'living' as is_living,
         unnest(range_agg(daterange(card.valid_from, card.valid_to, '[]'))
                * datemultirange(daterange(cast(:first as date), cast(:today as date)))) as span
    from card join person on person.id = card.person_id
    join household on household.id = person.household_id and household.ended_on is null
   where person.residency in ('living', 'away')
   group by person.id, person.area_id, person.residency
),
change as (
  select area_id, lower(span) as day, count(*) as covered, count(*) filter (where is_living) as living_covered
    from held group by area_id, lower(span)
  union all
  select area_id, upper(span), -count(*), -count(*) filter (where is_living)
    from held where upper(span) < :today group by area_id, upper(span)
),
turn as (
  select ancestor_id as area_id, day, sum(covered) as covered, sum(living_covered) as living_covered
    from change join area_closure on descendant_id = change.area_id group by ancestor_id, day
),
day as (select generate_series(cast(:first as date), cast(:today as date) - 1, interval '1 day')::date as day)
insert into area_day (area_id, day, households, registered, living, covered, living_covered)
select stands.area_id, day.day, stands.households, stands.registered, stands.living,
       coalesce(sum(turn.covered) over so_far, 0), coalesce(sum(turn.living_covered) over so_far, 0)
  from area_counter stands cross join day
  left join turn on turn.area_id = stands.area_id and turn.day = day.day
window so_far as (partition by stands.area_id order by day.day)
