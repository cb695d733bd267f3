-- Ways as they were edited elsewhere. An end that did not move keeps its junction.
update alley set
       name = case when one.given ? 'name' then one.given ->> 'name' else alley.name end,
       kind = coalesce(one.given ->> 'kind', alley.kind),
       access = coalesce(one.given ->> 'access', alley.access),
       has_gate = coalesce((one.given ->> 'has_gate')::boolean, alley.has_gate),
       is_walkable = coalesce((one.given ->> 'is_walkable')::boolean, alley.is_walkable),
       closed_on = case when one.given ? 'closed_on' then (one.given ->> 'closed_on')::date else alley.closed_on end,
       from_node = case when st_dwithin(st_startpoint(one.shape), st_startpoint(alley.line), 1.5e-7)
                        then alley.from_node else one.from_node end,
       to_node = case when st_dwithin(st_endpoint(one.shape), st_endpoint(alley.line), 1.5e-7)
                      then alley.to_node else one.to_node end,
       line = case when 'place' = any(one.differs) then one.shape else alley.line end,
       edited_at = now()
  from stage_returned one
 where alley.id = one.row_id and one.verdict = 'changed';
insert into alley (name, kind, access, has_gate, is_walkable, closed_on, from_node, to_node, line, edited_at, source_id)
select given ->> 'name', coalesce(given ->> 'kind', 'alley'), coalesce(given ->> 'access', 'public'),
       coalesce((given ->> 'has_gate')::boolean, false), coalesce((given ->> 'is_walkable')::boolean, true),
       (given ->> 'closed_on')::date, from_node, to_node, shape, now(), :source_id
  from stage_returned where verdict = 'added'
