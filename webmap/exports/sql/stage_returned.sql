-- The features of a file that came back, before and after they are compared with what is here.
drop table if exists stage_returned;
create temp table stage_returned (
  number int, uuid uuid, given jsonb, shape geometry(Geometry, 4326), from_node bigint, to_node bigint,
  row_id bigint, verdict text, reason text, differs text[]
) on commit drop
