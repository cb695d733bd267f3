-- The list of buildings that the transaction has touched, where there is none yet.
create temp table if not exists touched_building (id bigint primary key) on commit drop;
