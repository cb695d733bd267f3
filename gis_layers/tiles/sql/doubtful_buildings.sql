-- Doubtful buildings of one tile, none smaller than {least} units.
select st_asmvt(feature, 'doubtful_buildings', 4096, 'shape', 'id')
  from (
    select st_asmvtgeom(st_simplify(st_transform(building.outline, 3857), {tolerance}, true),
             st_makeenvelope({square}, 3857), 4096, 64) as shape,
           building.id, round(building.confidence * 100)::int as confidence
      from map.doubtful_buildings building
     where building.outline && st_makeenvelope({box}, 4326) and {extent} >= {least}
     order by building.id
  ) feature
