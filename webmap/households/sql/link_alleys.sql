-- How many households were linked to an alley? To the one of the name in their address, else the nearest, within reach.
with wanted as (
  select household.id as household_id, near.id as alley_id
    from household
    cross join lateral (
      select alley.id from alley
       where alley.line && st_expand(household.point, cast(:alley_metres as float) / 100000)
         and alley.is_walkable and alley.closed_on is null
         and st_distance(alley.line::geography, household.point::geography, false) <= :alley_metres
       order by (alley.name_folded = fold(household.alley_name)) desc nulls last,
                st_distance(alley.line::geography, household.point::geography, false), alley.id
       limit 1) near
   where household.point is not null and household.alley_id is null and household.ended_on is null
     and (cast(:household_ids as uuid[]) is null or household.id = any (cast(:household_ids as uuid[])))
), noted as (
  insert into map_change (import_id, table_name, row_id, deed, before)
  select cast(nullif(current_setting('app.map_import', true), '') as uuid), 'household', number, 'changed',
         household_place(household)
    from household join wanted on wanted.household_id = household.id
   where nullif(current_setting('app.map_import', true), '') is not null
  on conflict do nothing
), linked as (
  update household set alley_id = wanted.alley_id from wanted where wanted.household_id = household.id
  returning household.id
)
select count(*) from linked
