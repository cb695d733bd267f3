-- How many buildings did the comparison reach in this step? From those at its edge to all that overlap them.
with edge as (
  delete from overlap_edge returning id
), reached as (
  insert into compared_building select id from edge on conflict do nothing returning id
), pair as (
  select one.id as one_id, other.id as other_id, st_area(common.shape) as common,
         st_area(one.outline) as one_area, st_area(other.outline) as other_area,
         (building_rank(one.maker, one.edited_at), -coalesce(one.confidence, 1), -st_area(one.outline),
          st_xmin(one.outline), st_ymin(one.outline), one.id)
         < (building_rank(other.maker, other.edited_at), -coalesce(other.confidence, 1), -st_area(other.outline),
            st_xmin(other.outline), st_ymin(other.outline), other.id) as is_one_better
    from reached
    join building one on one.id = reached.id
    join building other on other.outline && one.outline
     and case when other.edited_at is null then other.maker else 'drawn' end
         <> case when one.edited_at is null then one.maker else 'drawn' end
    cross join lateral (select st_intersection(one.outline, other.outline) as shape) common
   where st_intersects(one.outline, other.outline)
), kept as (
  insert into overlap
  select case when is_one_better then other_id else one_id end, case when is_one_better then one_id else other_id end,
         common / case when is_one_better then other_area else one_area end, common / (one_area + other_area - common)
    from pair where common > 0
  on conflict do nothing
), spread as (
  insert into overlap_edge
  select distinct other_id from pair where common > 0 and other_id not in (select id from compared_building)
  on conflict do nothing
  returning id
)
select count(*) from spread
