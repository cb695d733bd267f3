-- Put back what was written, the last first; what somebody else has written on a person since stays. Names the doors.
drop table if exists pg_temp.roll_written;
create temporary table roll_written on commit drop as
select change.*, coalesce((change.after->>'person_id')::uuid, change.row_id) as person_id
  from roll_change change where change.id = any(cast(:changes as bigint[]));
select 1 from household
 where id in (select household_id from person where id in (select person_id from roll_written))
 order by id for no key update;
delete from card using roll_written written
 where written.table_name = 'card' and written.deed = 'added' and card.id = written.row_id;
update card
   set category = before->>'category', number = before->>'number', valid_from = (before->>'valid_from')::date,
       valid_to = (before->>'valid_to')::date, origin = before->>'origin', source_id = (before->>'source_id')::int
  from roll_written written
 where written.table_name = 'card' and written.deed = 'changed' and card.id = written.row_id;
update person
   set insurance_code = case when insurance_code is not distinct from after->>'insurance_code'
                             then before->>'insurance_code' else insurance_code end,
       citizen_id = case when citizen_id is not distinct from after->>'citizen_id' then before->>'citizen_id' else citizen_id end,
       reason_group = case when reason_group is not distinct from after->>'reason_group'
                           then before->>'reason_group' else reason_group end,
       version = version + 1, updated_at = now()
  from roll_written written
 where written.table_name = 'person' and person.id = written.row_id;
delete from roll_change where id = any(cast(:changes as bigint[]));
select distinct household_id from person where id in (select person_id from roll_written);
