-- What became of everybody on the register of an area between the ends of two days: webmap/ledger/rules.py names the
-- buckets. What was known at a day's end is in person_versions and card_versions (migration 0022).

-- The instant at which a day ends in Vietnam. Known at it: learned before, and not replaced before.
create function ledger_end_of(of_day date) returns timestamptz immutable parallel safe language sql
return (of_day + 1)::timestamp at time zone 'Asia/Ho_Chi_Minh';

-- The areas that an area holds by the map of a day, as far as the asking person may see persons.
create function ledger_ground(wanted int, on_day date) returns setof int stable rows 30 language sql
security definer set search_path = public, pg_temp as $$
  select area_id from (
    select descendant_id as area_id from area_closure
     where ancestor_id = wanted and on_day >= (now() at time zone 'Asia/Ho_Chi_Minh')::date
    union all
    select area_ground(wanted, on_day) where on_day < (now() at time zone 'Asia/Ho_Chi_Minh')::date
  ) held
   where coalesce(app_reach_of_persons() @> wanted and app_reach_of_persons() @> area_id, false)
     and app_role() <> 'canvasser'
$$;

-- The areas out of which doors came to these when the map was redrawn: their people may be written down there.
create function ledger_sources(ground int[], on_day date) returns setof int stable language sql
security definer set search_path = public, pg_temp as $$
  select distinct earlier.from_area_id
    from household_move into_it join household_move earlier using (household_id)
   where into_it.to_area_id = any (ground) and into_it.moved_on <= on_day and earlier.moved_on <= on_day
$$;

-- The group of the card that somebody lost between two days: of the one that lasted longest.
create function ledger_lost_group(wanted uuid, from_day date, to_day date) returns text stable language sql as $$
  select group_code
    from card_versions card join card_category on card_category.code = card.category
   where card.person_id = wanted and card.valid_from <= to_day and card.known_from < ledger_end_of(to_day)
     and card.known_to >= ledger_end_of(from_day)
   order by card.valid_to desc nulls first, card.known_from desc, card.card_id
   limit 1
$$;

-- One row for everybody who was on the register of `ground` at the end of either day. In the area of the map of the
-- second day: a door that was moved only because the map was redrawn has not moved. A plain query, so that PostgreSQL
-- plans it with what is asked of it; `sources` are the areas of ledger_sources.
create function ledger_rows(ground int[], sources int[], from_day date, to_day date, late_days int)
returns table (person_id uuid, household_id uuid, area_id int, full_name text, birth_year int, residency text,
  bucket text, reason_group text, was_covered boolean, is_covered boolean, covered_until date, reported_on date,
  is_listed boolean)
stable language sql as $$
  with redrawn as materialized (
    select household_move.household_id, (array_agg(to_area_id order by moved_on desc))[1] as to_area_id,
           array_agg(from_area_id) as from_area_ids
      from household_move
     where moved_on <= to_day
       and household_move.household_id in (
         select touched.household_id from household_move touched
           where touched.to_area_id = any (ground) or touched.from_area_id = any (ground))
     group by 1
  ),
  known as materialized (
    select version.person_id, version.household_id, coalesce(redrawn.to_area_id, version.area_id) as area_id,
           version.full_name, version.birth_on, version.birth_year, version.residency, version.reason_group,
           version.reported_on,
           version.known_from < ledger_end_of(from_day) and version.known_to >= ledger_end_of(from_day) as at_first,
           version.known_from < ledger_end_of(to_day) and version.known_to >= ledger_end_of(to_day) as at_last
      from person_versions version
      left join redrawn on redrawn.household_id = version.household_id
                       and version.area_id = any (redrawn.from_area_ids) and version.area_id <> redrawn.to_area_id
     where version.area_id = any (ground || sources) and version.residency in ('living', 'away')
       and version.known_from < ledger_end_of(to_day) and version.known_to >= ledger_end_of(from_day)
  ),
  registered as materialized (
    select coalesce(here.person_id, was.person_id) as person_id,
           was.person_id is not null as was_here, here.person_id is not null as is_here,
           coalesce(here.household_id, was.household_id) as household_id, coalesce(here.area_id, was.area_id) as area_id,
           coalesce(here.full_name, was.full_name) as full_name, coalesce(here.birth_on, was.birth_on) as birth_on,
           coalesce(here.birth_year, was.birth_year) as birth_year, coalesce(here.residency, was.residency) as residency,
           here.reason_group, here.reported_on
      from (select * from known where at_first and area_id = any (ground)) was
      full join (select * from known where at_last and area_id = any (ground)) here using (person_id)
  ),
  -- Somebody was covered on a day when a card that began by then, as known then, lasted until then.
  cards as materialized (
    select registered.person_id,
           max(coalesce(card.valid_to, 'infinity')) filter (
             where card.valid_from <= from_day and card.known_from < ledger_end_of(from_day)
               and card.known_to >= ledger_end_of(from_day)) as first_until,
           max(coalesce(card.valid_to, 'infinity')) filter (
             where card.known_from < ledger_end_of(to_day) and card.known_to >= ledger_end_of(to_day)) as last_until
      from registered join card_versions card on card.person_id = registered.person_id
     where card.valid_from <= to_day
     group by registered.person_id
  ),
  -- Where those are who left the register of these areas. Nowhere: taken off it, as a duplicate or an error.
  elsewhere as materialized (
    select registered.person_id, version.residency
      from registered join person_versions version on version.person_id = registered.person_id
     where not is_here and version.known_from < ledger_end_of(to_day) and version.known_to >= ledger_end_of(to_day)
  ),
  rolls as materialized (
    select distinct on (descendant_id) descendant_id as area_id, roll.id
      from roll_import roll join area_closure on ancestor_id = roll.area_id
     where descendant_id = any (ground) and roll.is_complete and roll.applied_at < ledger_end_of(to_day)
       and (roll.undone_at is null or roll.undone_at >= ledger_end_of(to_day))
     order by descendant_id, roll.listed_on desc, roll.applied_at desc
  ),
  listed as materialized (
    select distinct registered.person_id
      from registered join rolls on rolls.area_id = registered.area_id
      join roll_row on roll_row.person_id = registered.person_id and roll_row.import_id = rolls.id
     where verdict <> 'refuse'
  ),
  judged as (
    select registered.*, elsewhere.residency as now_residency, elsewhere.person_id is not null as is_elsewhere,
           was_here and coalesce(first_until >= from_day, false) as was_covered,
           is_here and coalesce(last_until >= to_day, false) as is_covered,
           -- a card that lasts a month beyond a report is the one it was about (webmap/coverage/rules.py)
           registered.reported_on <= to_day and not coalesce(first_until >= registered.reported_on + 30, false)
             as was_reported,
           registered.reported_on <= to_day and not coalesce(last_until >= registered.reported_on + 30, false)
             as is_reported,
           last_until, case when rolls.id is not null then listed.person_id is not null end as is_listed
      from registered
      left join cards on cards.person_id = registered.person_id
      left join elsewhere on elsewhere.person_id = registered.person_id
      left join rolls on rolls.area_id = registered.area_id
      left join listed on listed.person_id = registered.person_id
  )
  select judged.person_id, judged.household_id, judged.area_id, judged.full_name,
         coalesce(extract(year from judged.birth_on)::int, judged.birth_year), judged.residency,
         case
           when not was_here and (judged.birth_on > from_day
             or (judged.birth_on is null and judged.birth_year > extract(year from from_day))) then 'born'
           when not was_here then 'arrived'
           when not is_here and not is_elsewhere then 'removed'
           when not is_here and now_residency = 'deceased' then 'deceased'
           when not is_here then 'moved_out'
           when is_covered and was_covered then 'covered'
           when is_covered and was_reported then 'confirmed'
           when is_covered then 'newly_covered'
           when is_reported and judged.reported_on < to_day - late_days then 'reported_late'
           when is_reported then 'reported'
           when was_covered and judged.reason_group = 'lost_subsidy' then 'lost_subsidy'
           when was_covered and judged.reason_group = 'expired' then 'expired'
           when was_covered then case when ledger_lost_group(judged.person_id, from_day, to_day)
             in ('poor', 'near_poor', 'area', 'social') then 'lost_subsidy' else 'expired' end
           when judged.residency = 'away' then 'away'
           else 'uncovered'
         end,
         case when is_here and not is_covered then coalesce(judged.reason_group, 'unknown') end,
         was_covered, is_covered, case when is_covered and isfinite(last_until) then last_until end,
         judged.reported_on, judged.is_listed
    from judged
$$;

-- The same for whoever asks, of an area of hers. Definer: whether somebody who left an area lives elsewhere, died or was
-- taken off the register does not depend on who asks, and no more than that is told of another area.
create function ledger_people(wanted int, from_day date, to_day date, late_days int)
returns table (person_id uuid, household_id uuid, area_id int, full_name text, birth_year int, residency text,
  bucket text, reason_group text, was_covered boolean, is_covered boolean, covered_until date, reported_on date,
  is_listed boolean)
stable language plpgsql security definer
set search_path = public, pg_temp set work_mem = '64MB' set plan_cache_mode = 'force_custom_plan' set enable_nestloop = on as $$
#variable_conflict use_column
declare
  ground int[] := array(select ledger_ground(wanted, to_day));
  sources int[] := array(select ledger_sources(ground, to_day));
begin
  perform set_config('enable_nestloop', case when cardinality(ground) > 40 then 'off' else 'on' end, true);
  return query select * from ledger_rows(ground, sources, from_day, to_day, late_days);
end $$;

-- How many of them there are: the figures of the sheet. The same rows, so that a number and its list never differ.
create function ledger_counts(wanted int, from_day date, to_day date, late_days int)
returns table (area_id int, bucket text, reason_group text, was_covered boolean, is_covered boolean,
  is_listed boolean, people bigint)
stable language plpgsql security definer
set search_path = public, pg_temp set work_mem = '64MB' set plan_cache_mode = 'force_custom_plan' set enable_nestloop = on as $$
#variable_conflict use_column
declare
  ground int[] := array(select ledger_ground(wanted, to_day));
  sources int[] := array(select ledger_sources(ground, to_day));
begin
  -- Of a district and more, whole tables are joined: looking each person's cards up would take longer. (Until the end
  -- of this function.)
  perform set_config('enable_nestloop', case when cardinality(ground) > 40 then 'off' else 'on' end, true);
  return query
    select one.area_id, one.bucket, one.reason_group, one.was_covered, one.is_covered, one.is_listed, count(*)
      from ledger_rows(ground, sources, from_day, to_day, late_days) one
     group by 1, 2, 3, 4, 5, 6;
end $$;

-- What stands on the newest roll of each area, applied by a day, but in no known household (stranger), or more than
-- once (twice). A row that names no village counts for the area of its roll.
create function ledger_roll_rows(wanted int, to_day date)
returns table (import_id uuid, row_number int, area_id int, verdict text, full_name text, birth_year int,
  household_code text, address text, person_id uuid, household_id uuid, listed_on date)
stable language sql security definer set search_path = public, pg_temp as $$
  with ground as materialized (select ledger_ground(wanted, to_day) as area_id),
  rolls as materialized (
    select distinct on (ground.area_id) ground.area_id, roll.id, roll.listed_on
      from ground join area_closure on descendant_id = ground.area_id
      join roll_import roll on roll.area_id = ancestor_id
     where roll.applied_at < ledger_end_of(to_day)
       and (roll.undone_at is null or roll.undone_at >= ledger_end_of(to_day))
     order by ground.area_id, roll.listed_on desc, roll.applied_at desc
  )
  select roll_row.import_id, roll_row.row_number, rolls.area_id, roll_row.verdict, roll_row.full_name,
         coalesce(extract(year from roll_row.birth_on)::int, roll_row.birth_year), roll_row.household_code,
         roll_row.address, roll_row.person_id, person.household_id, rolls.listed_on
    from roll_row
    join roll_import on roll_import.id = roll_row.import_id
    join rolls on rolls.id = roll_row.import_id and rolls.area_id = coalesce(roll_row.area_id, roll_import.area_id)
    left join person on person.id = roll_row.person_id
                    and coalesce(app_reach_of_persons() @> person.area_id, false)
   where roll_row.verdict in ('stranger', 'twice')
$$;
