-- Every table of ours, with how many rows it has.
select format('%I.%I', nspname, relname) as name,
       (xpath('/row/c/text()', query_to_xml(format('select count(*) as c from %I.%I', nspname, relname), false, true, '')))[1]::text::bigint as count
  from pg_class join pg_namespace on pg_namespace.oid = relnamespace
 where nspname in ('public', 'jobs') and relkind in ('r', 'p')
   and not exists (select from pg_depend where objid = pg_class.oid and deptype = 'e')  -- of an extension
 order by 1
