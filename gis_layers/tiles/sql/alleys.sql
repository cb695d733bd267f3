-- Ways of one tile: far out only the main ones, and none shorter than {least} units.
select st_asmvt(feature, 'alleys', 4096, 'shape', 'id')
  from (
    select st_asmvtgeom(st_simplify(st_transform(alley.line, 3857), {tolerance}, true),
             st_makeenvelope({square}, 3857), 4096, 64) as shape,
           alley.id, alley.kind, alley.name, nullif(alley.access, 'public') as access
      from map.alleys alley
     where alley.line && st_makeenvelope({box}, 4326)
       and ({z} >= 14 or alley.kind in ('main', 'bridge') or ({z} >= 13 and alley.kind = 'road'))
       and {extent} >= {least}
     order by alley.id
  ) feature
