-- Which households go elsewhere than their village: code, head, village, new commune?
select household.code, coalesce(household.head_name, ''), origin.name, case when new.kind is null or starts_with(lower(new.name), lower(new.kind)) then new.name else new.kind || ' ' || new.name end
  from reform_household moved join household on household.id = moved.household_id
  join area origin on origin.id = moved.from_id join area new on new.id = moved.commune_id
 order by origin.name, household.code
