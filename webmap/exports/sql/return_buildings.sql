-- Buildings as they were edited elsewhere.
update building set
       house_number = case when one.given ? 'house_number' then one.given ->> 'house_number' else building.house_number end,
       street = case when one.given ? 'street' then one.given ->> 'street' else building.street end,
       kind = case when one.given ? 'kind' then one.given ->> 'kind' else building.kind end,
       levels = case when one.given ? 'levels' then (one.given ->> 'levels')::smallint else building.levels end,
       is_shed = coalesce((one.given ->> 'is_shed')::boolean, building.is_shed),
       outline = case when 'place' = any(one.differs) then one.shape else building.outline end,
       edited_at = now()
  from stage_returned one
 where building.id = one.row_id and one.verdict = 'changed';
insert into building (house_number, street, kind, levels, is_shed, outline, edited_at, source_id)
select given ->> 'house_number', given ->> 'street', given ->> 'kind', (given ->> 'levels')::smallint,
       coalesce((given ->> 'is_shed')::boolean, false), shape, now(), :source_id
  from stage_returned where verdict = 'added'
