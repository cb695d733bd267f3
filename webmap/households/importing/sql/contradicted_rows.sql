-- The rows refused by looking at the register, with the reason; they leave the stage.
delete from staged_row where problem is not null
returning row_number, problem, problem_field, coalesce(problem_facts, '{}') as facts, full_name, household_no;
