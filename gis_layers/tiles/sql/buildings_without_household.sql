-- Buildings of one tile without a household, none smaller than {least} units; only in areas whose households are seen.
with here as materialized (
  select st_union(st_clipbybox2d(boundary, st_makeenvelope({box}, 4326))) as shape
    from map.areas where boundary && st_makeenvelope({box}, 4326) and boundary_kind <> 'hull'
)
select st_asmvt(feature, 'buildings_without_household', 4096, 'shape', 'id')
  from (
    select st_asmvtgeom(st_simplify(st_transform(building.outline, 3857), {tolerance}, true),
             st_makeenvelope({square}, 3857), 4096, 64) as shape,
           building.id, building.house_number
      from map.buildings_without_household building, here
     where building.outline && st_makeenvelope({box}, 4326) and {extent} >= {least}
       and st_intersects(here.shape, building.outline)
     order by building.id
  ) feature
