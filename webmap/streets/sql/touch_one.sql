-- A building, whatever hides behind it, and what it hides behind.
insert into touched_building
select cast(:building_id as bigint)
union select id from building where same_as_id = :building_id
union select same_as_id from building where id = :building_id and same_as_id is not null
on conflict do nothing
