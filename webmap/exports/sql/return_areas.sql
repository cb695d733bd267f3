-- Areas as they were edited elsewhere. A boundary that was moved by hand is no official one any more.
update area set
       name = coalesce(one.given ->> 'name', area.name),
       kind = case when one.given ? 'kind' then one.given ->> 'kind' else area.kind end,
       population = case when one.given ? 'population' then (one.given ->> 'population')::int else area.population end,
       boundary = case when 'place' = any(one.differs) then one.shape else area.boundary end,
       boundary_kind = case when 'place' = any(one.differs) then 'drawn' else area.boundary_kind end,
       source_id = case when 'place' = any(one.differs) then :source_id else area.source_id end,
       updated_at = now()
  from stage_returned one
 where area.id = one.row_id and one.verdict = 'changed'
