-- Whether the stage holds anything that is not on the register already.
select 1 where exists (select 1 from staged_household where is_new or changes <> '{}')
            or exists (select 1 from staged_row where person_id is null or changes <> '{}');
