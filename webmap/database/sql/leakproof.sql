-- Lets row-level security use the indexes of the map and of the search (docs/decisions/0003-leakproof.md). Neither a dump
-- nor an extension's update keeps this, so every `webmap migrate` says it again; only a superuser may.
do $$ begin
  alter function geometry_overlaps(geometry, geometry) leakproof;
  alter function pg_catalog.textlike(text, text) leakproof;
exception when insufficient_privilege then
  raise notice 'not a superuser: row-level security will be slower on the map';
end $$
