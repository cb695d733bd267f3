-- Rows that no number found, and everybody each of them may be: people who share enough with it to be worth comparing.
create temporary table open_row on commit drop as
select row_number, area_id, full_name, name_folded, sex,
       case when extract(month from birth_on) = 1 and extract(day from birth_on) = 1 then null else birth_on end as birth_on,
       coalesce(birth_year, extract(year from birth_on))::smallint as birth_year,
       citizen_id, insurance_code, household_code, head_name, address,
       left(name_folded, 1) || left(split_part(name_folded, ' ', -1), 1) as ends
  from staged_roll r
 where full_name is not null
   and not exists (select 1 from roll_found f where f.row_number = r.row_number)
   and not exists (select 1 from roll_scored s where s.row_number = r.row_number);
create index on open_row (row_number);
analyze open_row;

create temporary table roll_pair on commit drop as
select o.row_number, k.person_id from open_row o join known k on k.name_folded = o.name_folded and k.birth_year = o.birth_year
union
select o.row_number, k.person_id from open_row o join known k on k.name_folded = o.name_folded and k.area_id = o.area_id
union
select o.row_number, k.person_id from open_row o join known k on k.birth_on = o.birth_on and k.area_id = o.area_id
union
select o.row_number, k.person_id from open_row o join known k on k.birth_on = o.birth_on and k.ends = o.ends
union
select o.row_number, k.person_id from open_row o
  join known k on k.birth_year = o.birth_year and k.area_id = o.area_id and k.ends = o.ends
union
select o.row_number, k.person_id from open_row o join known k on k.name_folded = o.name_folded
 where o.birth_year is null and o.area_id is null;
create index on roll_pair (row_number);
analyze roll_pair;
