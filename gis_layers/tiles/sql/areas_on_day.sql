-- Boundaries of one tile as they were on a day, with the figures of today's households by that map; see areas.sql.
with standing as materialized (
  select area.id, level.code as level, level.depth, area.name, area.boundary, area.boundary_kind
    from area
    join area_level level on level.id = area.level_id
    left join area_parent edge on edge.area_id = area.id and edge.valid_from <= '{day}' and (edge.valid_to is null or edge.valid_to > '{day}')
   where area.boundary && st_makeenvelope({box}, 4326) and (select app_reach()) @> area.id
     and area.valid_from <= '{day}' and (area.valid_to is null or area.valid_to > '{day}')
     and (level.depth <= case when {z} < 7 then 10 when {z} < 8 then 20 when {z} < 10 then 30 else 100 end
          or edge.parent_id = {parent})
), inside as (
  select standing.*, figures.households, figures.registered, figures.covered,
         figures.registered - figures.covered as uncovered,
         round(100.0 * figures.covered / nullif(figures.registered, 0), 1)::real as rate
    from standing
    left join coverage_on_day((select array_agg(id) from standing), '{day}') figures on figures.area_id = standing.id
), shapes as (
  select st_asmvtgeom(st_simplify(st_transform(boundary, 3857), {tolerance}, true),
           st_makeenvelope({square}, 3857), 4096, 64) as shape,
         id, level, name, boundary_kind, households, registered, covered, uncovered, rate
    from inside order by depth, id
), labels as (
  select st_asmvtgeom(st_transform(st_pointonsurface(boundary), 3857), st_makeenvelope({square}, 3857), 4096, 0) as place,
         id, level, name, households, registered, covered, uncovered, rate
    from inside order by depth, id
)
select (select st_asmvt(shapes, 'areas', 4096, 'shape', 'id') from shapes where shape is not null)
    || (select st_asmvt(labels, 'area_labels', 4096, 'place', 'id') from labels where place is not null)
