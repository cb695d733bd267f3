-- The rules of webmap/coverage/rules.py, set-based. A property test holds the two equal.

-- The days without a gap that hold a day: cards that overlap or follow each other are one stretch.
create function coverage_cover_of_several(cards datemultirange, on_day date) returns daterange
immutable parallel safe language sql
return (select span from unnest(cards) span where span @> on_day);
-- Nearly everybody has one stretch: without asking a query of its own for each person.
create function coverage_cover(cards datemultirange, on_day date) returns daterange
immutable parallel safe language sql
return case
  when not cards @> on_day then null
  when cards = datemultirange(range_merge(cards)) then range_merge(cards)
  else coverage_cover_of_several(cards, on_day)
end;

create function coverage_person_status(
  residency text, cover daterange, is_answered boolean, reported_on date, pledged_until date,
  on_day date, warning_days int
) returns text immutable parallel safe language sql
return case
  when residency not in ('living', 'away') then 'unknown'
  when cover is not null and upper(cover) - 1 <= on_day + warning_days then 'expiring'
  when cover is not null then 'covered'
  when reported_on <= on_day and not is_answered then 'reported'
  when pledged_until >= on_day then 'pledged'
  else 'uncovered'
end;

-- Of the members who live there: how many, how many covered (of these, ending soon), reported, pledged.
create function coverage_household_status(living bigint, covered bigint, expiring bigint, reported bigint, pledged bigint)
returns text immutable parallel safe language sql
return case
  when living = 0 then 'unknown'
  when covered = living and expiring > 0 then 'expiring'
  when covered = living then 'covered'
  when reported = living - covered then 'reported'
  when reported + pledged = living - covered then 'pledged'
  when covered > 0 then 'partly'
  else 'uncovered'
end;

-- How many days before the end people are told: as the nearest running campaign says, else 30.
create function coverage_warning_days(of_area_id int, on_day date) returns int
stable parallel safe language sql
return coalesce((
  select campaign.warning_days
    from area_closure join campaign on campaign.area_id = ancestor_id
   where descendant_id = of_area_id and on_day between starts_on and ends_on
   order by depth, campaign.id desc
   limit 1
), 30);
