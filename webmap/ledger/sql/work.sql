-- Who is next: everybody on the register for whom something is to be done, what, by when, and whose it is. The most
-- pressing first: one line a person. A route that is published says whose; else the only team of the nearest area.
select person.id as person_id, person.full_name, person.birth_on, person.birth_year, person.residency, person.status,
       person.reason_group, coalesce(person.phone, household.phone) as phone, household.id as household_id,
       household.code, household.head_name, household.house_number, household.alley_name, household.address,
       area.id as area_id, area.name as village, to_do.task, to_do.due_on, to_do.due_on - cast(:today as date) as days,
       coalesce(walk.team_id, near.team_id) as team_id, coalesce(walk.team, near.team) as team,
       coalesce(walk.organisation, near.organisation) as organisation, walk.walkers
  from person
  join household on household.id = person.household_id
  join area on area.id = person.area_id
  cross join lateral (
    select case
             when person.status = 'uncovered' and person.pledged_until < cast(:today as date) then 'pledge_overdue'
             when person.status = 'reported' and person.reported_on < cast(:today as date) - cast(:late_days as int) then 'reported_late'
             when person.status = 'pledged' then 'collect'
             when person.status = 'uncovered' and person.next_step = 'sponsor' then 'sponsor'
             when person.status = 'uncovered' and person.next_step = 'collect' then 'collect'
             when person.status = 'uncovered' and (person.next_step = 'revisit' or household.due_on is not null)
               then 'revisit'
             when person.status = 'uncovered' then 'no_step'
             when person.status in ('covered', 'expiring') and person.cover_ends_on <= cast(:today as date) + cast(:radar_days as int) then 'renew'
           end as task
  ) what
  cross join lateral (
    select what.task, case what.task
             when 'pledge_overdue' then person.pledged_until
             when 'collect' then coalesce(person.pledged_until, person.next_step_on)
             when 'reported_late' then person.reported_on + cast(:late_days as int)
             when 'renew' then person.cover_ends_on
             when 'no_step' then null
             else coalesce(person.next_step_on, household.due_on)
           end as due_on
  ) to_do
  left join (
    select distinct on (stop.household_id) stop.household_id, route.team_id, team.name as team, team.organisation,
           (select string_agg(account.full_name, ', ' order by account.full_name)
              from route_member join account on account.id = route_member.account_id
             where route_member.route_id = route.id) as walkers
      from stop join route on route.id = stop.route_id
      join plan on plan.id = route.plan_id and plan.state = 'published'
      left join team on team.id = route.team_id
     where route.area_id in (
           select above.ancestor_id from area_closure above join area_closure below using (descendant_id)
            where below.ancestor_id = :area_id)
     order by stop.household_id, plan.published_at desc, plan.id
  ) walk on walk.household_id = household.id
  left join (
    select distinct on (area_id) area_id, team_id, team, organisation
      from (
        select above.descendant_id as area_id, above.depth, min(team.id) as team_id, min(team.name) as team,
               min(team.organisation) as organisation
          from area_closure held join area_closure above using (descendant_id)
          join team on team.area_id = above.ancestor_id
         where held.ancestor_id = :area_id
         group by 1, 2 having count(*) = 1
      ) only_one order by area_id, depth
  ) near on near.area_id = person.area_id and walk.household_id is null
 where person.area_id in (select descendant_id from area_closure where ancestor_id = :area_id)
   and person.residency in ('living', 'away') and household.ended_on is null and to_do.task is not null
