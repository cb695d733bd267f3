-- How many outlines are now hidden, and how many show again? Households go with the outline that is shown.
with changed as (
  update building set same_as_id = one.hidden_by
    from compared_building one
   where one.id = building.id and building.same_as_id is distinct from one.hidden_by
  returning one.hidden_by
)
select count(hidden_by), count(*) - count(hidden_by) from changed
