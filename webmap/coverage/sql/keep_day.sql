-- How do all areas stand as a day ends? Kept once.
insert into area_day (area_id, day, households, registered, living, covered, living_covered)
select area_id, :day, households, registered, living, covered, living_covered from area_counter
on conflict (area_id, day) do nothing
