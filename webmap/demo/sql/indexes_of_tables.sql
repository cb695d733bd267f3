-- The indexes of some tables that hold no constraint, and how to make each again.
select format('drop index %%s', i.indexrelid::regclass) as drop, pg_get_indexdef(i.indexrelid) as make
  from pg_index i
 where i.indrelid = any (%(tables)s::regclass[])
   and not exists (select 1 from pg_constraint c where c.conindid = i.indexrelid)
 order by i.indexrelid
