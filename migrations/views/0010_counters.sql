-- Maintained figures. Every statement that changes doors leaves one row per area and cell in coverage_delta, in its
-- own transaction; coverage_fold() adds them up later, so that writers never wait for one another at a counter.
-- Exact at any moment: what is folded plus what is pending. {...} are filled in by migration 0010.

-- Column and row of a point in the grid of zoom 14: 64 x 64 cells in each tile, 2^20 around the earth.
-- Not strict, though nothing has no square: PostgreSQL writes only then what they say into the query that calls them
-- (it takes least and greatest for something that a strict function must not say), and is five times as fast.
create function coverage_column(place geometry) returns int immutable parallel safe language sql
return case when place is not null then least(greatest(floor((st_x(place) + 180) / 360 * 1048576), 0), 1048575)::int end;
create function coverage_row(place geometry) returns int immutable parallel safe language sql
return case when place is not null then
  least(greatest(floor((1 - asinh(tand(st_y(place))) / pi()) / 2 * 1048576), 0), 1048575)::int end;

create table coverage_delta (
  id bigint generated always as identity primary key,
  area_id int not null, -- no reference here and in coverage_cell: the door's own is enough, and each costs a look-up
  grid_column int,
  grid_row int,
  {measure_columns}
);

-- Of the doors that belong to an area itself. `changes` only grows: the version of what maps show of the area.
create table area_own_counter (
  area_id int primary key references area on delete cascade,
  changes bigint not null,
  {measure_columns}
) with (fillfactor = 50);

-- Of an area with all below it, by today's tree.
create table area_counter (
  area_id int primary key references area on delete cascade,
  changes bigint not null,
  {measure_columns}
) with (fillfactor = 50);

-- Doors with a place, in squares of 64 x 64 to a tile, z 8 to 14. (tile_x, tile_y) is the tile, (i, j) the square in it.
create table coverage_cell (
  z smallint,
  tile_x int,
  tile_y int,
  i smallint,
  j smallint,
  area_id int,
  {cell_columns},
  constraint pk_coverage_cell primary key (z, tile_x, tile_y, i, j, area_id)
) with (fillfactor = 80);
create index ix_coverage_cell_empty on coverage_cell (z) where households = 0;

-- The same for z 4 to 7, of an area with all below it: a tile of the whole country is one row for each square here, and
-- would be one for each of its 54,000 villages there.
create table coverage_wide_cell (
  area_id int,
  z smallint,
  tile_x int,
  tile_y int,
  i smallint,
  j smallint,
  {cell_columns},
  constraint pk_coverage_wide_cell primary key (area_id, z, tile_x, tile_y, i, j)
) with (fillfactor = 80);
create index ix_coverage_wide_cell_empty on coverage_wide_cell (z) where households = 0;

-- No nested loop: the plan of the first, small statement is kept, and would compare each door of an import with each.
create function coverage_track() returns trigger language plpgsql
security definer set search_path = public, pg_temp set enable_nestloop = off as $$
begin
  if tg_op = 'INSERT' then
    insert into coverage_delta (area_id, grid_column, grid_row, {measures})
    select area_id, coverage_column(point), coverage_row(point), {plus_sums}
      from new_rows where ended_on is null group by 1, 2, 3;
  elsif tg_op = 'DELETE' then
    insert into coverage_delta (area_id, grid_column, grid_row, {measures})
    select area_id, coverage_column(point), coverage_row(point), {minus_sums}
      from old_rows where ended_on is null group by 1, 2, 3;
  else -- no sums and no sorting: nearly always this is one door, and every visit pays for what is prepared here
    insert into coverage_delta (area_id, grid_column, grid_row, {measures})
    select newer.area_id, coverage_column(newer.point), coverage_row(newer.point), {differences}
      from new_rows newer join old_rows older using (id)
     where newer.ended_on is null and ({place}) is not distinct from ({place_before}) and {differs};
  end if;
  return null;
end $$;

-- A door that goes to another square or area, ends or comes back: away from the one, to the other.
create function coverage_track_moved() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
begin
  insert into coverage_delta (area_id, grid_column, grid_row, {measures})
  select old.area_id, coverage_column(old.point), coverage_row(old.point), {minus} where old.ended_on is null
  union all
  select new.area_id, coverage_column(new.point), coverage_row(new.point), {plus} where new.ended_on is null;
  return null;
end $$;
-- Places are compared as bytes: a dump is restored where no operator of geometry is in sight.
create trigger coverage_moved after update on household
  for each row when ((new.area_id, new.point::bytea, new.ended_on)
                     is distinct from (old.area_id, old.point::bytea, old.ended_on))
  execute function coverage_track_moved();
create trigger coverage_added after insert on household
  referencing new table as new_rows for each statement execute function coverage_track();
create trigger coverage_removed after delete on household
  referencing old table as old_rows for each statement execute function coverage_track();
create trigger coverage_changed after update on household
  referencing old table as old_rows new table as new_rows for each statement execute function coverage_track();

-- Add pending rows up, oldest first, at most so many. Returns how many, or -1 when somebody else is at it.
create function coverage_fold(at_most int default 20000) returns int language plpgsql
security definer set search_path = public, pg_temp as $$
declare
  taken_rows int;
begin
  if not pg_try_advisory_xact_lock(hashtext('coverage_fold')) then
    return -1;
  end if;
  with taken as (
    delete from coverage_delta
     where id in (select id from coverage_delta order by id limit at_most)
    returning *
  ),
  own as (
    insert into area_own_counter as kept (area_id, changes, {measures})
    select area_id, count(*), {sums} from taken group by area_id order by area_id
    on conflict (area_id) do update set changes = kept.changes + excluded.changes, {added}
  ),
  tree as (
    insert into area_counter as kept (area_id, changes, {measures})
    select ancestor_id, count(*), {sums}
      from taken join area_closure on descendant_id = taken.area_id group by ancestor_id order by ancestor_id
    on conflict (area_id) do update set changes = kept.changes + excluded.changes, {added}
  ),
  cells as (
    insert into coverage_cell as kept (z, tile_x, tile_y, i, j, area_id, {cell_measures})
    select z, grid_column >> (20 - z), grid_row >> (20 - z),
           (grid_column >> (14 - z)) & 63, (grid_row >> (14 - z)) & 63, area_id, {cell_sums}
      from taken, generate_series(8, 14) z
     where grid_column is not null
     group by 1, 2, 3, 4, 5, 6 having {cell_any}
     order by 1, 2, 3, 4, 5, 6
    on conflict (z, tile_x, tile_y, i, j, area_id) do update set {cell_added}
  ),
  wide_cells as (
    insert into coverage_wide_cell as kept (area_id, z, tile_x, tile_y, i, j, {cell_measures})
    select ancestor_id, z, grid_column >> (20 - z), grid_row >> (20 - z),
           (grid_column >> (14 - z)) & 63, (grid_row >> (14 - z)) & 63, {cell_sums}
      from taken join area_closure on descendant_id = taken.area_id, generate_series(4, 7) z
     where grid_column is not null
     group by 1, 2, 3, 4, 5, 6 having {cell_any}
     order by 1, 2, 3, 4, 5, 6
    on conflict (area_id, z, tile_x, tile_y, i, j) do update set {cell_added}
  )
  select count(*) into taken_rows from taken;
  if taken_rows > 0 then
    delete from coverage_cell where households = 0;
    delete from coverage_wide_cell where households = 0;
  end if;
  return taken_rows;
end $$;

-- What the wide squares must be, from those of zoom 8 and by today's tree.
create view coverage_recount_wide_cell as
  select area_id, z, grid_column >> (14 - z) as tile_x, grid_row >> (14 - z) as tile_y,
         (grid_column >> (8 - z)) & 63 as i, (grid_row >> (8 - z)) & 63 as j, {cell_sums}
    from (select ancestor_id as area_id, (tile_x << 6) + i as grid_column, (tile_y << 6) + j as grid_row, {cell_measures}
            from coverage_cell own join area_closure on descendant_id = own.area_id where own.z = 8) square,
         generate_series(4, 7) z
   group by 1, 2, 3, 4, 5, 6;

-- The tree has changed: add up the areas' own figures and squares by the new one. Doors are not read again.
create function coverage_retree() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtext('coverage_fold'));
  insert into area_counter as kept (area_id, changes, {measures})
  select ancestor_id, sum(changes), {sums}
    from area_own_counter own join area_closure on descendant_id = own.area_id
   group by ancestor_id
  on conflict (area_id) do update set changes = greatest(kept.changes, excluded.changes) + 1, {replaced};
  update area_counter set changes = changes + 1, {zeroed}
   where not exists (select 1 from area_own_counter own join area_closure on descendant_id = own.area_id
                      where ancestor_id = area_counter.area_id);
  delete from coverage_wide_cell;
  insert into coverage_wide_cell (area_id, z, tile_x, tile_y, i, j, {cell_measures})
  select area_id, z, tile_x, tile_y, i, j, {cell_measures} from coverage_recount_wide_cell;
  return null;
end $$;
create trigger coverage_retree after insert on area_closure for each statement execute function coverage_retree();

-- What the figures must be, from the doors themselves.
create view coverage_recount_own as
  select area_id, {plus_sums} from household where ended_on is null group by area_id;
create view coverage_recount_square as
  select area_id, coverage_column(point) as grid_column, coverage_row(point) as grid_row, {cell_plus_sums}
    from household where ended_on is null and point is not null group by 1, 2, 3;
create view coverage_recount_cell as
  select z, grid_column >> (20 - z) as tile_x, grid_row >> (20 - z) as tile_y,
         (grid_column >> (14 - z)) & 63 as i, (grid_row >> (14 - z)) & 63 as j, area_id, {cell_sums}
    from coverage_recount_square, generate_series(8, 14) z
   group by 1, 2, 3, 4, 5, 6;

-- Make all figures anew from the doors, for bulk loads that went around the triggers. Writers wait.
create function coverage_recount() returns void language plpgsql
security definer set search_path = public, pg_temp set work_mem = '128MB' as $$
declare
  zoom int;
begin
  lock table household in share row exclusive mode;
  perform pg_advisory_xact_lock(hashtext('coverage_fold'));
  delete from coverage_delta;
  delete from coverage_cell;
  insert into coverage_cell (z, tile_x, tile_y, i, j, area_id, {cell_measures})
  select 14, grid_column >> 6, grid_row >> 6, grid_column & 63, grid_row & 63, area_id, {cell_measures}
    from coverage_recount_square;
  for zoom in reverse 13..8 loop -- each from the one below it: a quarter of the work every time
    insert into coverage_cell (z, tile_x, tile_y, i, j, area_id, {cell_measures})
    select zoom, tile_x >> 1, tile_y >> 1, (tile_x & 1) * 32 + (i >> 1), (tile_y & 1) * 32 + (j >> 1), area_id, {cell_sums}
      from coverage_cell where z = zoom + 1
     group by 2, 3, 4, 5, 6;
  end loop;
  delete from coverage_wide_cell;
  insert into coverage_wide_cell (area_id, z, tile_x, tile_y, i, j, {cell_measures})
  select area_id, z, tile_x, tile_y, i, j, {cell_measures} from coverage_recount_wide_cell;
  update area_own_counter set changes = changes + 1, {zeroed};
  insert into area_own_counter as kept (area_id, changes, {measures})
  select area_id, 1, {measures} from coverage_recount_own
  on conflict (area_id) do update set {replaced};
  insert into area_counter as kept (area_id, changes, {measures})
  select ancestor_id, sum(changes), {sums}
    from area_own_counter own join area_closure on descendant_id = own.area_id group by ancestor_id
  on conflict (area_id) do update set changes = greatest(kept.changes, excluded.changes) + 1, {replaced};
end $$;

-- Figures that differ from a recount (folded and pending together): none, ever. Reads one moment.
create function coverage_drift() returns table (kind text, area_id int, difference bigint) stable language sql
security definer set search_path = public, pg_temp set work_mem = '128MB' as $$
  select 'area', area_id, sum(abs({measure_total}))::bigint from (
    select area_id, {sums} from (
      select area_id, {measures} from area_own_counter
      union all select area_id, {measures} from coverage_delta
      union all select area_id, {negatives} from coverage_recount_own
    ) rows group by area_id
  ) own where {any_measure} group by area_id
  union all
  select 'tree', area_id, sum(abs({measure_total}))::bigint from (
    select area_id, {sums} from (
      select area_id, {measures} from area_counter
      union all
      select ancestor_id, {negatives} from area_own_counter own join area_closure on descendant_id = own.area_id
    ) rows group by area_id
  ) tree where {any_measure} group by area_id
  union all
  select 'cell', area_id, count(*) from (
    select z, tile_x, tile_y, i, j, area_id, {cell_sums} from (
      select z, tile_x, tile_y, i, j, area_id, {cell_measures} from coverage_cell
      union all
      select z, grid_column >> (20 - z), grid_row >> (20 - z), (grid_column >> (14 - z)) & 63,
             (grid_row >> (14 - z)) & 63, area_id, {cell_measures}
        from coverage_delta, generate_series(8, 14) z where grid_column is not null
      union all
      select z, tile_x, tile_y, i, j, area_id, {cell_negatives} from coverage_recount_cell
    ) rows group by 1, 2, 3, 4, 5, 6 having {cell_any}
  ) cells group by area_id
  union all
  select 'wide cell', area_id, count(*) from (
    select area_id, {cell_sums} from (
      select area_id, z, tile_x, tile_y, i, j, {cell_measures} from coverage_wide_cell
      union all
      select area_id, z, tile_x, tile_y, i, j, {cell_negatives} from coverage_recount_wide_cell
    ) rows group by area_id, z, tile_x, tile_y, i, j having {cell_any}
  ) wide_cells group by area_id
$$;
