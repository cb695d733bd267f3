-- Public squares below zoom 8, of each area with all below it: sums of those of zoom 8 (as coverage_wide_cell has live ones).
insert into published_wide_cell
  (area_id, z, tile_x, tile_y, i, j, households, registered, living, covered, living_covered)
select area_id, z, grid_column >> (14 - z), grid_row >> (14 - z),
       (grid_column >> (8 - z)) & 63, (grid_row >> (8 - z)) & 63,
       sum(households), sum(registered), sum(living), sum(covered), sum(living_covered)
  from (select ancestor_id as area_id, (tile_x << 6) + i as grid_column, (tile_y << 6) + j as grid_row,
               households, registered, living, covered, living_covered
          from published_cell own join area_closure on descendant_id = own.area_id where own.z = 8) square,
       generate_series(:top, 7) z
 group by 1, 2, 3, 4, 5, 6
