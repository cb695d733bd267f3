-- The villages of before hang below the new communes from that day on.
with edge as (
  select edge.id, edge.area_id, edge.valid_from, edge.valid_to, village.to_id, commune.day
    from area_parent edge join reform_village village on village.village_id = edge.area_id
    join reform_commune commune on commune.area_id = edge.parent_id
   where edge.valid_to is null or edge.valid_to > commune.day
),
later as (
  update area_parent kept set parent_id = edge.to_id
    from edge where kept.id = edge.id and edge.valid_from >= edge.day
),
ended as (
  update area_parent kept set valid_to = edge.day from edge where kept.id = edge.id and edge.valid_from < edge.day
)
insert into area_parent (area_id, parent_id, valid_from, valid_to)
select area_id, to_id, day, valid_to from edge where valid_from < day
