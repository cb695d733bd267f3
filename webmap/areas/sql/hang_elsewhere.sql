-- From a day on an area belongs to another.
with edge as (
  select * from area_parent where area_id = :area_id and (valid_to is null or valid_to > :day)
),
later as (
  update area_parent set parent_id = :parent_id where id in (select id from edge where valid_from >= :day)
),
ended as (
  update area_parent set valid_to = :day where id in (select id from edge where valid_from < :day)
)
insert into area_parent (area_id, parent_id, valid_from, valid_to)
select area_id, :parent_id, :day, valid_to from edge where valid_from < :day
