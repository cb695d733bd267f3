-- Doors that people of the file live behind today and would leave.
create temporary table staged_left_behind on commit drop as
select distinct p.household_id as left_behind
  from staged_row r join person p on p.id = r.person_id
 where r.changes ? 'household_code';
