-- How many buildings are new? In the order of the ground, so that neighbours lie together. What somebody edited
-- stands for what the file says of it.
with added as (
  insert into building (osm_id, external_id, kind, levels, confidence, maker, house_number, street, is_shed, is_doubtful,
                        source_id, outline)
  select osm_id, external_id, kind, levels, confidence, :maker, house_number, street,
         coalesce(kind = any (cast(:shed_kinds as text[])), false), coalesce(confidence < :confidence, false),
         :source_id, outline
    from stage_building
   where building_id is null
   order by outline
  returning id
), noted as (
  insert into touched_building select id from added
)
select count(*) from added
