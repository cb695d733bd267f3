-- Write what was noted, and name the doors behind which something changed. Doors are locked in the order of their ids.
drop table if exists pg_temp.roll_written;
create temporary table roll_written on commit drop as
select change.*, coalesce((change.after->>'person_id')::uuid, change.row_id) as person_id
  from roll_change change where change.import_id = :import_id and change.id > :since;
select 1 from household
 where id in (select household_id from person where id in (select person_id from roll_written))
 order by id for no key update;
insert into card (id, person_id, category, number, valid_from, valid_to, origin, source_id)
select row_id, person_id, after->>'category', after->>'number', (after->>'valid_from')::date, (after->>'valid_to')::date,
       after->>'origin', (after->>'source_id')::int
  from roll_written where table_name = 'card' and deed = 'added';
update card
   set category = after->>'category', number = after->>'number', valid_from = (after->>'valid_from')::date,
       valid_to = (after->>'valid_to')::date, origin = after->>'origin', source_id = (after->>'source_id')::int
  from roll_written written
 where written.table_name = 'card' and written.deed = 'changed' and card.id = written.row_id;
update person
   set insurance_code = after->>'insurance_code', citizen_id = after->>'citizen_id', reason_group = after->>'reason_group',
       version = version + 1, updated_at = now()
  from roll_written written
 where written.table_name = 'person' and person.id = written.row_id;
select distinct household_id from person where id in (select person_id from roll_written);
