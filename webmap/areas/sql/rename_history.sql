-- From a day on an area is called otherwise: what it was until then becomes an area of its own that ended that day. The
-- area itself, with all that is tied to it, goes on under the new name.
with edge as (
  select * from area_parent where area_id = :area_id and valid_from < :day
),
kept as (
  insert into area_parent (area_id, parent_id, valid_from, valid_to)
  select :twin_id, parent_id, valid_from, least(coalesce(valid_to, :day), :day) from edge
),
own as (
  update area_parent set valid_from = :day where id in (select id from edge where valid_to is null or valid_to > :day)
),
child as (
  select * from area_parent where parent_id = :area_id and valid_from < :day
),
child_kept as (
  update area_parent set parent_id = :twin_id,
         valid_to = least(coalesce(valid_to, :day), :day) where id in (select id from child)
),
child_on as (
  insert into area_parent (area_id, parent_id, valid_from, valid_to)
  select area_id, :area_id, :day, valid_to from child where valid_to is null or valid_to > :day
),
came as (
  update area_crosswalk set new_area_id = :twin_id where new_area_id = :area_id and changed_on < :day
)
insert into area_crosswalk (old_area_id, new_area_id, extent, changed_on) values (:twin_id, :area_id, 'whole', :day)
