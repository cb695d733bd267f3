-- How many small outlines beside a much larger one were marked as sheds? None that has a number, or that was edited.
with small as (
  select id, outline, st_area(outline::geography, false) as square_metres
    from building join compared_building using (id)
   where not is_shed and same_as_id is null and house_number is null and edited_at is null
     and (kind is null or kind in ('yes', 'residential', 'house', 'main'))
), marked as (
  update building set is_shed = true
    from small
   where small.id = building.id and small.square_metres < :square_metres
     and exists (
       select from building large
        where large.id <> small.id and large.same_as_id is null and not large.is_shed
          and large.outline && st_expand(small.outline, cast(:metres as float) / 100000)
          and st_area(large.outline::geography, false) >= :ratio * small.square_metres
          and st_dwithin(large.outline::geography, small.outline::geography, :metres, false))
  returning building.id
)
select count(*) from marked
