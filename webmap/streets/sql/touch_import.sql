-- What an import added, changed or removed, and whatever hides behind it or has it behind itself.
with own as (
  select row_id from map_change where import_id = :import_id and table_name = 'building'
)
insert into touched_building
select row_id from own
union select id from building where same_as_id in (select row_id from own)
union select same_as_id from building where id in (select row_id from own) and same_as_id is not null
on conflict do nothing
