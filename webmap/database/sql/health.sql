-- Is this server, and this database in it, fit for us? One row of facts; needs no table of ours.
select
  current_setting('server_version_num')::int / 10000 as major_version,
  (select extversion from pg_extension where extname = 'postgis') as postgis,
  (select default_version from pg_available_extensions where name = 'postgis') as postgis_on_disk,
  array(select unnest(cast(:extensions as text[])) except select extname from pg_extension order by 1)
    as missing_extensions,
  exists (select from pg_collation where collname = 'vi-x-icu') as sorts_vietnamese,
  to_regrole('web_app') is not null as has_app_role,
  coalesce((select rolsuper or rolbypassrls from pg_roles where rolname = 'web_app'), false) as app_role_sees_all,
  coalesce(pg_has_role(current_user, to_regrole('web_app'), 'member'), true) as may_become_app_role,
  array(select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
           and relname <> all (cast(:open as text[])) and not relrowsecurity order by 1) as open_tables,
  array(select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
           and relowner = to_regrole('web_app') order by 1) as tables_of_app_role,
  array(select oid::regprocedure::text from pg_proc where not proleakproof
           and (proname = 'geometry_overlaps' or (proname = 'textlike' and pronamespace = 'pg_catalog'::regnamespace))
           order by 1) as leaking,
  extract(epoch from clock_timestamp())::float as seconds_since_1970
