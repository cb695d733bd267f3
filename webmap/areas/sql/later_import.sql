-- The newest change that was not undone and touched a row this one touched, by its title.
select later.title
  from map_import later
 where later.id > :import_id and later.undone_at is null
   and exists (select from map_change theirs
                 join map_change mine on mine.import_id = :import_id and mine.table_name = theirs.table_name
                                     and mine.row_id = theirs.row_id
                where theirs.import_id = later.id)
 order by later.id desc
 limit 1
