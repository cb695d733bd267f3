-- Tables for linking: buildings within reach of households that have none, and the choice between them.
drop table if exists link_candidate, link_chosen;
create temp table link_chosen (household_id uuid primary key, building_id bigint, is_shared boolean) on commit drop;
create temp table link_candidate on commit drop as
select household.id as household_id, building.id as building_id, found.metres,
       building.house_number is not null and upper(building.house_number) = upper(household.house_number) as has_number,
       min(found.metres) over (partition by household.id) as nearest
  from household
  join building on building.outline && st_expand(household.point, cast(:metres as float) / 100000)
  cross join lateral (
    select st_distance(building.outline::geography, household.point::geography, false) as metres) found
 where household.point is not null and household.building_id is null and household.ended_on is null
   and (cast(:household_ids as uuid[]) is null or household.id = any (cast(:household_ids as uuid[])))
   and building.same_as_id is null and not building.is_shed and not building.is_doubtful
   and found.metres <= :metres;
insert into link_chosen
select distinct on (household_id) household_id, building_id, true
  from link_candidate where metres = 0 order by household_id, has_number desc, building_id;
delete from link_candidate where household_id in (select household_id from link_chosen);
delete from link_candidate where metres > nearest + :closer and not has_number;
analyze link_candidate;
