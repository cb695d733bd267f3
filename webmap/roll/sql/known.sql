-- The people of the areas, with what rows are compared by. The first of January is how a year alone is written down.
create temporary table known on commit drop as
select person.id as person_id, area_id, household_id, full_name, name_folded, sex,
       case when extract(month from birth_on) = 1 and extract(day from birth_on) = 1 then null else birth_on end as birth_on,
       coalesce(birth_year, extract(year from birth_on))::smallint as birth_year,
       citizen_id, insurance_code,
       left(name_folded, 1) || left(split_part(name_folded, ' ', -1), 1) as ends
  from person
 where area_id in (select area_id from roll_area);
analyze known;
analyze staged_roll;
