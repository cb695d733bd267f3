-- Buildings of one tile, none smaller than {least} units.
select st_asmvt(feature, 'buildings', 4096, 'shape')
  from (
    select st_asmvtgeom(st_simplify(st_transform(building.outline, 3857), {tolerance}, true),
             st_makeenvelope({square}, 3857), 4096, 64) as shape,
           case when {z} >= 16 then building.house_number end as house_number, nullif(building.is_shed, false) as shed
      from map.buildings building
     where building.outline && st_makeenvelope({box}, 4326) and {extent} >= {least}
     order by building.id
  ) feature
