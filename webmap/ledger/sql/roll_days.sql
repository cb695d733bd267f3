-- The last days on which a roll was applied that lists people of an area, the newest first.
select (applied_at at time zone 'Asia/Ho_Chi_Minh')::date as applied_on
  from roll_import
 where state = 'applied'
   and (area_id in (select ancestor_id from area_closure where descendant_id = :area_id)
        or area_id in (select descendant_id from area_closure where ancestor_id = :area_id))
 group by 1 order by 1 desc limit 2
