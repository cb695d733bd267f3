-- Boundaries of one tile with their figures, and a layer `area_labels`: one point to each, in the one tile that holds it.
with inside as (
  select area.id, area.level, area.depth, area.name, area.boundary, area.boundary_kind, area.households,
         area.registered, area.covered, area.registered - area.covered as uncovered,
         round(100.0 * area.covered / nullif(area.registered, 0), 1)::real as rate
    from map.areas area
   where area.boundary && st_makeenvelope({box}, 4326)
     and (area.depth <= case when {z} < 7 then 10 when {z} < 8 then 20 when {z} < 10 then 30 else 100 end
          or area.parent_id = {parent})
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
