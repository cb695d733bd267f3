-- Rows that cannot be true beside the register: one number on two people, one person for two rows, somebody elsewhere.
update staged_row r
   set problem = 'number_of_another_person', problem_field = case when r.citizen_id = p.citizen_id then 'citizen_id'
       else 'insurance_code' end,
       problem_facts = jsonb_build_object('number', case when r.citizen_id = p.citizen_id then p.citizen_id
       else p.insurance_code end)
  from person p
 where r.problem is null and p.area_id in (select area_id from import_area)
   and (r.citizen_id = p.citizen_id or r.insurance_code = p.insurance_code)
   and (p.id <> r.person_id
        or (fold(r.full_name) <> p.name_folded
            and (r.birth_year <> coalesce(p.birth_year, extract(year from p.birth_on))
                 or r.citizen_id <> p.citizen_id or r.insurance_code <> p.insurance_code))
        or (r.citizen_id <> p.citizen_id and r.found_by = 'insurance_code'));

update staged_row r
   set problem = 'person_elsewhere',
       problem_field = case when r.citizen_id = p.citizen_id then 'citizen_id' else 'insurance_code' end
  from person p
 where r.problem is null and r.person_id is null and p.area_id not in (select area_id from import_area)
   and (r.citizen_id = p.citizen_id or r.insurance_code = p.insurance_code);

with twice as (
  select row_number, min(row_number) over (partition by person_id) as first_row
    from staged_row where person_id is not null and problem is null and row_number = person_no
)
update staged_row r
   set problem = 'same_as_row', problem_field = 'full_name', problem_facts = jsonb_build_object('row', t.first_row)
  from twice t where t.row_number = r.row_number and t.first_row <> r.row_number;

-- A second card follows its person.
update staged_row r set problem = one.problem, problem_field = one.problem_field, problem_facts = one.problem_facts
  from staged_row one
 where one.row_number = r.person_no and r.row_number <> r.person_no and one.problem is not null;
