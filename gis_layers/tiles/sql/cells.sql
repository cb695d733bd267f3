-- Squares of one tile, summed over the areas of whoever asks. Units of the tile are made here: no projection is needed.
select st_asmvt(feature, 'cells', 4096, 'square')
  from (
    select st_reverse(st_makeenvelope(i * 64, j * 64, (i + size) * 64, (j + size) * 64)) as square,
           sum(households) as households, sum(registered) as registered, sum(living) as living,
           sum(covered) as covered, sum(registered - covered) as uncovered,
           round(100.0 * sum(covered) / nullif(sum(registered), 0), 1)::real as share
      from map.cells
     where z = {z} and tile_x = {x} and tile_y = {y}
     group by i, j, size
     order by size desc, j, i
  ) feature
