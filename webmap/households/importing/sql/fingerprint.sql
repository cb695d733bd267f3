-- One text for everything a dry run promised: it has to be the same when it is applied.
select md5(coalesce(string_agg(concat_ws('|', row_number, verdict, changes, person_id), ',' order by row_number), ''))
  from household_import_row where import_id = :import_id and verdict <> 'refuse';
