-- Tables of a comparison: buildings from which it still spreads, those it has reached, and pairs that overlap.
-- They are emptied, not made anew: each table a transaction has ever made keeps its locks to the end.
create temp table if not exists overlap_edge (id bigint primary key) on commit drop;
create temp table if not exists compared_building (id bigint primary key, hidden_by bigint) on commit drop;
create temp table if not exists overlap (
  lesser bigint, better bigint, part real, iou real, constraint pk_overlap primary key (lesser, better)
) on commit drop;
truncate overlap_edge, compared_building, overlap;
insert into overlap_edge
select id from touched_building join building using (id)
union select other.id from building other join touched_building on touched_building.id = other.same_as_id;
analyze overlap_edge;
