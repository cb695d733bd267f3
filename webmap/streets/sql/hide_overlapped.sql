-- How many verdicts changed in this step? Hidden is what better outlines that are shown themselves cover, or are like.
with verdict as (
  select lesser,
         case when sum(part) >= :cover or max(iou) >= :overlap
              then (array_agg(better order by round(part::numeric, 3) desc, st_area(outline) desc,
                st_xmin(outline), st_ymin(outline), better))[1] end as hidden_by
    from overlap join compared_building better on better.id = overlap.better and better.hidden_by is null
    join building on building.id = overlap.better
   group by lesser
), changed as (
  update compared_building one set hidden_by = verdict.hidden_by
    from compared_building same left join verdict on verdict.lesser = same.id
   where one.id = same.id and one.hidden_by is distinct from verdict.hidden_by
  returning one.id
)
select count(*) from changed
