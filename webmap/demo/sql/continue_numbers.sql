-- After rows that brought their own numbers: where each table's numbers go on.
select setval(pg_get_serial_sequence('alley', 'id'), (select max(id) from alley)),
       setval(pg_get_serial_sequence('terrain', 'id'), (select max(id) from terrain)),
       setval(pg_get_serial_sequence('building', 'id'), (select max(id) from building))
