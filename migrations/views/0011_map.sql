-- Schema `map`: all that tiles read, and what QGIS may open. With the rights of whoever asks (security_invoker), so that
-- row-level security of the tables below holds here too.

create view map.households with (security_invoker = true) as
  select number, id, area_id, code, status, door_mark, point, next_expiry_on, last_visit_at, due_on,
         registered_count, living_count, covered_count, living_covered_count
    from household
   where point is not null and ended_on is null;

-- The areas of whoever asks that lie in none of her others: counted with all below them, every door comes once.
create function map.top_areas() returns int[] stable language plpgsql set search_path = public, pg_temp as $$
begin
  if app_role() = 'system' then
    return array(select id from area where parent_id is null);
  end if;
  return array(select one from unnest(app_area_ids()) one
                where not exists (select from area_closure
                                   where descendant_id = one and ancestor_id = any (app_area_ids()) and depth > 0));
end $$;

-- Squares of the map. Who may see persons gets them as they are this second, others as they were made public. From zoom
-- 8 on those of each area itself, below it those of the topmost areas with all below them.
create view map.cells with (security_invoker = true) as
  select z, tile_x, tile_y, i, j, 1::smallint as size, area_id, {cell_measures}
    from coverage_cell
   where (select app_sees_persons())
  union all
  select z, tile_x, tile_y, i, j, 1::smallint, area_id, {cell_measures}
    from coverage_wide_cell
   where (select app_sees_persons()) and area_id = any ((select map.top_areas())::int[])
  union all
  select z, tile_x, tile_y, i, j, size, area_id, {cell_measures}
    from published_cell
   where not (select app_sees_persons())
  union all
  select z, tile_x, tile_y, i, j, 1::smallint, area_id, {cell_measures}
    from published_wide_cell
   where not (select app_sees_persons()) and area_id = any ((select map.top_areas())::int[]);

create view map.areas with (security_invoker = true) as
  select area.id, area.parent_id, level.code as level, level.depth, area.name, area.kind, area.boundary, area.boundary_kind,
         {area_measures}
    from area
    join area_level level on level.id = area.level_id
    left join area_counter counter on counter.area_id = area.id and (select app_sees_persons())
    left join published_area published on published.area_id = area.id and not (select app_sees_persons())
   where area.boundary is not null
     and (area.valid_to is null or area.valid_to > (now() at time zone 'Asia/Ho_Chi_Minh')::date)
     and (select app_reach()) @> area.id;

create view map.alleys with (security_invoker = true) as
  select id, kind, name, access, line from alley
   where closed_on is null or closed_on > (now() at time zone 'Asia/Ho_Chi_Minh')::date;

create view map.terrain with (security_invoker = true) as
  select id, kind, name, shape from terrain;

create view map.buildings with (security_invoker = true) as
  select id, house_number, street, is_shed, outline from building where same_as_id is null and not is_doubtful;

-- What a detector thinks to be a building without being sure.
create view map.doubtful_buildings with (security_invoker = true) as
  select id, confidence, outline from building where same_as_id is null and is_doubtful;

-- Buildings in which somebody may live, and of which no household is known to those who may see households. A canvasser
-- sees those of her walks only: to her every other house would look empty.
create view map.buildings_without_household with (security_invoker = true) as
  select id, house_number, street, kind, outline from building
   where same_as_id is null and not is_doubtful and not is_shed and building_may_be_home(kind)
     and not exists (select from household where household.building_id = building.id and household.ended_on is null)
     and not exists (select from building_finding finding
                      where finding.point && building.outline and st_covers(building.outline, finding.point))
     and (select app_sees_persons() and app_role() <> 'canvasser' or app_role() = 'system');

create view map.households_without_building with (security_invoker = true) as
  select number, point from household where point is not null and building_id is null and ended_on is null;

-- Walks of plans that are not closed. A walk leads from door to door: only for those who may see persons.
create view map.routes with (security_invoker = true) as
  select route.id, route.number, route.plan_id, plan.name as plan_name, plan.state, route.team_id, route.line, route.turf
    from route join plan on plan.id = route.plan_id
   where plan.state <> 'closed' and ((select app_sees_persons()) or (select app_role()) = 'system');

-- A number that grows with every change of what maps show of the asking person's doors: what is added up, and what is
-- pending (row-level security leaves those of her areas).
create function map.version() returns numeric stable language plpgsql set search_path = public, pg_temp as $$
begin
  if not app_sees_persons() then
    return (select coalesce(extract(epoch from max(published_at)) * 1000000, 0) from published_area);
  end if;
  -- asked in a select of its own, as row-level security lets an index be used only where nothing can leak
  return coalesce((select sum(changes) from area_counter where area_id = any ((select app_area_ids())::int[])), 0)
    + (select count(*) from coverage_delta);
end $$;

grant select on all tables in schema map to web_app;
