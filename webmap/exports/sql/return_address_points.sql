-- House numbers as they were edited elsewhere.
update address_point set
       house_number = case when one.given ? 'house_number' then one.given ->> 'house_number' else address_point.house_number end,
       street = case when one.given ? 'street' then one.given ->> 'street' else address_point.street end,
       point = case when 'place' = any(one.differs) then one.shape else address_point.point end,
       edited_at = now()
  from stage_returned one
 where address_point.id = one.row_id and one.verdict = 'changed';
insert into address_point (house_number, street, point, edited_at, source_id)
select given ->> 'house_number', given ->> 'street', shape, now(), :source_id
  from stage_returned where verdict = 'added'
