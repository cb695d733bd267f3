-- The others by name, birth and village (or household): only where exactly one person fits and no number contradicts.
with candidate as (
  select r.row_number, p.id as person_id, (p.household_id = s.household_id) is true as is_same_household
    from staged_row r
    join staged_household s on s.no = r.household_no
    join person p on p.area_id = r.area_id and p.name_folded = fold(r.full_name)
   where r.person_id is null and r.person_no = r.row_number
     and (r.sex is null or p.sex is null or r.sex = p.sex)
     and (r.citizen_id is null or p.citizen_id is null or r.citizen_id = p.citizen_id)
     and (r.insurance_code is null or p.insurance_code is null or r.insurance_code = p.insurance_code)
     and case
           when r.birth_on is not null and p.birth_on is not null then r.birth_on = p.birth_on
           when r.birth_year is not null and coalesce(p.birth_year, extract(year from p.birth_on)) is not null
             then r.birth_year = coalesce(p.birth_year, extract(year from p.birth_on))
           else p.household_id = s.household_id
         end
     and not exists (select 1 from staged_row other where other.person_id = p.id)
), counted as (
  select row_number, person_id, is_same_household,
         count(*) over (partition by row_number, is_same_household) as alike,
         bool_or(is_same_household) over (partition by row_number) as has_same_household
    from candidate
)
update staged_row r
   set person_id = case when c.alike = 1 then c.person_id end,
       found_by = 'name',
       problem = case when c.alike > 1 then 'person_ambiguous' end,
       problem_field = case when c.alike > 1 then 'full_name' end
  from (select distinct on (row_number) * from counted
         where is_same_household = has_same_household order by row_number) c
 where c.row_number = r.row_number;

-- A second card of the same person.
update staged_row r set person_id = one.person_id, found_by = one.found_by
  from staged_row one
 where one.row_number = r.person_no and r.row_number <> r.person_no;

-- Households without a code: the one its people live in, else the same head at the same address.
update staged_household s set household_id = found.household_id
  from (select distinct on (p.household_id) r.household_no, p.household_id
          from staged_row r join person p on p.id = r.person_id
          join staged_household mine on mine.no = r.household_no
         where mine.code is null and p.area_id = mine.area_id
         order by p.household_id, r.is_head desc nulls last, r.row_number) found
 where found.household_no = s.no and s.household_id is null;
update staged_household s set household_id = found.id
  from (select distinct on (h.id) mine.no, h.id
          from staged_household mine
          join household h on h.area_id = mine.area_id and fold(h.head_name) = fold(mine.head_name)
           and fold(concat_ws(' ', h.house_number, h.alley_name, h.address))
             = fold(concat_ws(' ', mine.house_number, mine.alley, mine.address))
         where mine.code is null and mine.household_id is null
           and not exists (select 1 from staged_household other where other.household_id = h.id)
         order by h.id, mine.no) found
 where found.no = s.no;
