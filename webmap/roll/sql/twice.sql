-- Several rows on one person: the surest keeps her. The others list her twice, or are somebody else's: then a person decides.
create temporary table roll_again on commit drop as
select f.row_number, f.person_id, f.matched_by, f.confidence, first.row_number as first_row,
       f.matched_by <> 'name' or (r.name_folded = first_r.name_folded
         and (r.birth_on is null or first_r.birth_on is null or r.birth_on = first_r.birth_on)
         and (r.insurance_code is null or first_r.insurance_code is null or r.insurance_code = first_r.insurance_code)
         and (r.citizen_id is null or first_r.citizen_id is null or r.citizen_id = first_r.citizen_id)) as is_same
  from (select f.*, first_value(f.row_number) over claims as keeper
          from roll_found f join staged_roll r on r.row_number = f.row_number
         where f.person_id is not null
        window claims as (partition by f.person_id
          order by r.is_refused, f.matched_by = 'name', f.confidence desc, f.row_number)) f
  join staged_roll r on r.row_number = f.row_number
  join roll_found first on first.row_number = f.keeper
  join staged_roll first_r on first_r.row_number = first.row_number
 where f.row_number <> f.keeper;

update roll_found f set is_twice = true from roll_again again where again.row_number = f.row_number and again.is_same;
update staged_roll r
   set reasons = r.reasons || jsonb_build_array(jsonb_build_object('field', 'full_name', 'code', 'same_as_row',
         'facts', jsonb_build_object('row', again.first_row), 'is_fatal', false))
  from roll_again again where again.row_number = r.row_number and again.is_same;

insert into roll_scored (row_number, person_id, confidence, agreement)
select row_number, person_id, confidence, '{"number": "taken"}' from roll_again where not is_same;
delete from roll_found f using roll_again again where again.row_number = f.row_number and not again.is_same;

-- Rows without a person that say the same as a row before them.
create temporary table stranger_again on commit drop as
select row_number, first_row
  from (select row_number, first_value(row_number) over (
                 partition by insurance_code, citizen_id,
                   case when coalesce(insurance_code, citizen_id) is null then concat_ws('|', name_folded, birth_on, birth_year, sex, area_id) end
                 order by row_number) as first_row
          from staged_roll r
         where not is_refused and full_name is not null
           and (insurance_code is not null or citizen_id is not null or birth_on is not null)
           and not exists (select 1 from roll_found f where f.row_number = r.row_number and f.person_id is not null)
           and not exists (select 1 from roll_scored s where s.row_number = r.row_number)) alike
 where first_row <> row_number;
update staged_roll r
   set reasons = r.reasons || jsonb_build_array(jsonb_build_object('field', 'full_name', 'code', 'same_as_row',
         'facts', jsonb_build_object('row', again.first_row), 'is_fatal', false))
  from stranger_again again where again.row_number = r.row_number;
