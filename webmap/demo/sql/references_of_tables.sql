-- The foreign keys of some tables, and how to make each again.
select format('alter table %%s drop constraint %%I', c.conrelid::regclass, c.conname) as drop,
       format('alter table %%s add constraint %%I %%s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid)) as make
  from pg_constraint c
 where c.contype = 'f' and c.conrelid = any (%(tables)s::regclass[])
 order by c.oid
