-- Where could each village of a split commune go, and what speaks for it?
select share.village_id, new.id, case when new.kind is null or starts_with(lower(new.name), lower(new.kind)) then new.name else new.kind || ' ' || new.name end, share.ground, share.houses
  from reform_share share join area new on new.id = share.new_id
 order by share.village_id, share.ground desc nulls last, share.houses desc, new.id
