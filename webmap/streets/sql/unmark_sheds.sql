-- Those that were marked by their size alone are looked at anew.
update building set is_shed = false
 where is_shed and edited_at is null and id in (select id from compared_building)
   and coalesce(kind, '') <> all (cast(:shed_kinds as text[]))
