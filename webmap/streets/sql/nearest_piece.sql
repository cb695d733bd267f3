-- Give the households of an alley that was cut, or went into another, to the piece nearest to their door.
update household
   set alley_id = (select alley.id from alley where alley.id = any (:piece_ids)
                    order by alley.line <-> household.point limit 1),
       version = version + 1
 where alley_id = any (:alley_ids)
   and (point is not null or cardinality(cast(:piece_ids as bigint[])) = 1)
   and alley_id is distinct from (select alley.id from alley where alley.id = any (:piece_ids)
                                   order by alley.line <-> household.point limit 1)
