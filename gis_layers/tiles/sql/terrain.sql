-- Water, fields and woods of one tile, none smaller than {least} units.
select st_asmvt(feature, 'terrain', 4096, 'shape')
  from (
    select st_asmvtgeom(st_simplify(st_transform(terrain.shape, 3857), {tolerance}, true),
             st_makeenvelope({square}, 3857), 4096, 64) as shape,
           terrain.kind, terrain.name
      from map.terrain terrain
     where terrain.shape && st_makeenvelope({box}, 4326) and {extent} >= {least}
     order by st_area(terrain.shape) desc, terrain.id
  ) feature
