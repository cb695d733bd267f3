-- How many buildings are now as the stage has them? Ten centimetres are the same outline; edited ones stay as they are.
with changed as (
  update building old
     set external_id = coalesce(new.external_id, old.external_id), kind = coalesce(new.kind, old.kind),
         levels = coalesce(new.levels, old.levels), confidence = coalesce(new.confidence, old.confidence),
         house_number = coalesce(new.house_number, old.house_number), street = coalesce(new.street, old.street),
         is_doubtful = coalesce(new.confidence, old.confidence, 1) < :confidence,
         is_shed = coalesce(new.kind, old.kind, '') = any (cast(:shed_kinds as text[])),
         outline = case when is_moved then new.outline else old.outline end, source_id = :source_id
    from stage_building new
    join building was on was.id = new.building_id
    cross join lateral (
      select not (was.outline = new.outline) and st_hausdorffdistance(was.outline, new.outline) > 1e-6 as is_moved) shape
   where old.id = was.id and was.edited_at is null
     and (is_moved or (was.external_id, was.kind, was.levels, was.confidence, was.house_number, was.street)
          is distinct from
          (coalesce(new.external_id, was.external_id), coalesce(new.kind, was.kind), coalesce(new.levels, was.levels),
           coalesce(new.confidence, was.confidence), coalesce(new.house_number, was.house_number),
           coalesce(new.street, was.street)))
  returning old.id
), noted as (
  insert into touched_building select id from changed on conflict do nothing
)
select count(*) from changed
