-- Work out the derived columns of persons and households anew, and write those that differ. Returns how many
-- households changed. Security definer: what a household's members make of it does not depend on who asks,
-- and nothing of it is told. {name}, {arguments}, {lock} and {wanted} are filled in by migration 0010.
create function {name}({arguments}on_day date) returns int language plpgsql
security definer set search_path = public, pg_temp as $$
declare
  changed int;
begin
  {lock}
  with warning as materialized (
    select area_id, coverage_warning_days(area_id, on_day) as days
      from (select distinct area_id from household where {wanted}) areas
  ),
  held as materialized (
    select person.id, person.household_id, person.residency, person.reported_on, person.pledged_until, warning.days,
           -- without a card there is no range: one from null to null would hold every day
           coverage_cover(range_agg(daterange(valid_from, valid_to, '[]')) filter (where card.id is not null), on_day)
             as span,
           coalesce(bool_or(valid_from <= on_day
             and (valid_to is null or valid_to >= person.reported_on + 30)), false) as is_answered
      from household
      join warning on warning.area_id = household.area_id
      join person on person.household_id = household.id
      left join card on card.person_id = person.id
     where {wanted}
     group by person.id, warning.days
  ),
  state as materialized (
    select id, household_id, residency,
           coverage_person_status(residency, span, is_answered, reported_on, pledged_until, on_day, days) as status,
           case when residency in ('living', 'away') then upper(span) - 1 end as cover_ends_on
      from held
  ),
  persons as (
    update person
       set status = state.status, cover_ends_on = state.cover_ends_on, status_on = on_day
      from state
     where state.id = person.id
       and (person.status_on is null
            or (person.status, person.cover_ends_on) is distinct from (state.status, state.cover_ends_on))
  ),
  members as (
    select household_id,
           count(*) filter (where residency = 'living') as living,
           count(*) filter (where residency in ('living', 'away')) as registered,
           count(*) filter (where status in ('covered', 'expiring')) as covered,
           count(*) filter (where status in ('covered', 'expiring') and residency = 'living') as living_covered,
           count(*) filter (where status = 'expiring') as expiring,
           count(*) filter (where status = 'expiring' and residency = 'living') as living_expiring,
           count(*) filter (where status = 'reported' and residency = 'living') as living_reported,
           count(*) filter (where status = 'pledged' and residency = 'living') as living_pledged,
           min(cover_ends_on) as next_expiry_on
      from state group by household_id
  ),
  doors as (
    select household.id, coalesce(living, 0) as living, coalesce(registered, 0) as registered,
           coalesce(covered, 0) as covered, coalesce(living_covered, 0) as living_covered,
           coalesce(expiring, 0) as expiring, members.next_expiry_on,
           coverage_household_status(coalesce(living, 0), living_covered, living_expiring, living_reported,
             living_pledged) as status
      from household left join members on members.household_id = household.id
     where {wanted}
  )
  update household
     set living_count = doors.living, registered_count = doors.registered, covered_count = doors.covered,
         living_covered_count = doors.living_covered, expiring_count = doors.expiring,
         next_expiry_on = doors.next_expiry_on, status = doors.status, status_on = on_day
    from doors
   where doors.id = household.id
     and (household.status_on is null
          or (living_count, registered_count, covered_count, living_covered_count, expiring_count,
              household.next_expiry_on, household.status) is distinct from
             (doors.living, doors.registered, doors.covered, doors.living_covered, doors.expiring,
              doors.next_expiry_on, doors.status));
  get diagnostics changed = row_count;
  return changed;
end $$;
