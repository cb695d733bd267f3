-- Which ways of the file does the map have in the same line, only cut at more corners, or with other numbers at them?
-- These are staged as the map has them: another file of the same quarter then changes nothing but what it says otherwise.
-- A file that holds only a part of a way (nodes are missing) says nothing about the rest of it.
drop table if exists same_way, same_node;
create temp table same_way on commit drop as
with open as (
  select distinct osm_id from stage_alley new
   where :is_sparse or osm_id in (select osm_id from stage_part)
      or not exists (select from alley old join source on source.id = old.source_id and source.kind = 'streets'
                      where old.osm_id = new.osm_id and old.from_node = new.from_node and old.to_node = new.to_node
                        and old.line = new.line)
), given as (
  select osm_id, st_collect(line) as line, st_collect(st_collect(st_startpoint(line), st_endpoint(line))) as ends
    from stage_alley where osm_id in (select osm_id from open) group by osm_id
), known as (
  select old.osm_id, st_collect(line) as line, st_collect(st_collect(st_startpoint(line), st_endpoint(line))) as ends,
         st_collect(line) filter (where cast(:region as geometry) is null
                                     or st_intersects(line, cast(:region as geometry))) as near
    from alley old join source on source.id = old.source_id and source.kind = 'streets'
   where old.osm_id in (select osm_id from open) group by old.osm_id
)
select osm_id from given join known using (osm_id)
 where st_covers(st_buffer(known.line, :apart), given.line)
   and (osm_id in (select osm_id from stage_part)
        or st_covers(st_buffer(given.line, :apart), known.near)
           and st_covers(st_buffer(st_collectionextract(known.ends, 1), :apart), st_collectionextract(given.ends, 1)));
create temp table same_node on commit drop as
with given as (
  select osm_id, from_node as node, st_startpoint(line) as at from stage_alley join same_way using (osm_id)
  union all
  select osm_id, to_node, st_endpoint(line) from stage_alley join same_way using (osm_id)
), known as (
  select osm_id, from_node as node, st_startpoint(line) as at from alley join same_way using (osm_id)
  union all
  select osm_id, to_node, st_endpoint(line) from alley join same_way using (osm_id)
)
select distinct on (given.node) given.node, known.node as known
  from given join known on known.osm_id = given.osm_id and st_dwithin(known.at, given.at, :apart)
 where known.node is not null
 order by given.node, known.node = given.node desc, known.node desc;
update stage_alley set from_node = same.known from same_node same where same.node = from_node and same.known <> same.node;
update stage_alley set to_node = same.known from same_node same where same.node = to_node and same.known <> same.node;
with taken as (
  delete from stage_alley using same_way where same_way.osm_id = stage_alley.osm_id returning stage_alley.*
)
insert into stage_alley (osm_id, from_node, to_node, kind, name, is_walkable, access, has_gate, line)
select old.osm_id, old.from_node, old.to_node,
       case when :is_sparse then old.kind else new.kind end,
       case when :is_sparse then coalesce(new.name, old.name) else new.name end,
       case when :is_sparse then old.is_walkable else new.is_walkable end,
       case when :is_sparse then old.access else new.access end,
       case when :is_sparse then old.has_gate
            when st_npoints(new.line) = st_npoints(old.line) then new.has_gate
            else new.has_gate and old.has_gate end,
       old.line
  from alley old
  join source on source.id = old.source_id and source.kind = 'streets'
  join same_way using (osm_id)
 cross join lateral (
   select * from taken where taken.osm_id = old.osm_id
    order by taken.line <-> st_lineinterpolatepoint(old.line, 0.5) limit 1) new
 where cast(:region as geometry) is null or st_intersects(old.line, cast(:region as geometry))
