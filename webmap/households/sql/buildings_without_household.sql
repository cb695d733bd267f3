-- A page of the buildings of an area that have no household, with place, size and the village they lie in.
with here as materialized (
  select area.boundary as shape
    from area_closure join map.areas area on area.id = area_closure.ancestor_id
   where area_closure.descendant_id = :area_id and area.boundary_kind <> 'hull'
   order by area_closure.depth limit 1
), found as materialized (
  select building.id, building.house_number, building.street, building.kind, middle.point,
         st_area(building.outline::geography, false) as square_metres
    from here
    join map.buildings_without_household building on building.outline && here.shape
    cross join lateral (select st_pointonsurface(building.outline) as point) middle
   where st_intersects(here.shape, middle.point)
   order by case :sort when 'size' then st_area(building.outline) when '-size' then -st_area(building.outline) end,
            case when :sort = '-address' then fold(building.street) end desc nulls last,
            case when :sort = 'address' then fold(building.street) end nulls last,
            coalesce(substring(building.house_number from '\d+')::numeric, 0), building.house_number, building.id
   limit :limit offset :offset
)
select found.id, found.house_number, found.street, found.kind, found.square_metres, st_x(point) as lon, st_y(point) as lat,
       village.id as area_id, village.name as village, near.name as alley
  from found
  left join lateral (
    select area.id, area.name from map.areas area
     where area.boundary && found.point and st_covers(area.boundary, found.point) and area.boundary_kind <> 'hull'
     order by area.depth desc, st_area(area.boundary) limit 1) village on true
  left join lateral (
    select alley.name from alley
     where alley.line && st_expand(found.point, 0.0006) and alley.name is not null and alley.closed_on is null
     order by alley.line <-> found.point limit 1) near on true
