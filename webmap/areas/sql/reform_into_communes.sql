-- Households without a village go into the new commune itself; two of one code get their number behind it.
with coded as (
  select moved.household_id, household.code, household.number,
         row_number() over (partition by moved.commune_id, household.code order by household.number) > 1
         or exists (select from household there where there.area_id = moved.commune_id and there.code = household.code)
           as is_taken
    from reform_household moved join household on household.id = moved.household_id where moved.to_id is null
)
update reform_household moved set to_id = moved.commune_id,
       code = case when coded.is_taken then coded.code || '-' || coded.number else coded.code end
  from coded where coded.household_id = moved.household_id
