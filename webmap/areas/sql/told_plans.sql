-- Which plans of the communes that end are open?
select plan.name from plan where plan.state <> 'closed' and plan.area_id in (select area_id from reform_commune)
 order by plan.created_at desc
