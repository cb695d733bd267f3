-- Households of an area and all below it, without what tells who they are and with it; those without a place too.
select household.id as uuid, household.code, village.code as village_code, village.name as village, household.status,
       household.door_mark, household.registered_count, household.covered_count, household.next_expiry_on,
       household.last_visit_at, household.place_source, household.head_name, household.phone, household.house_number,
       household.alley_name, household.address, household.note, st_asbinary(household.point) as shape
  from household
  join area village on village.id = household.area_id
  join area_closure on area_closure.descendant_id = household.area_id and area_closure.ancestor_id = :area_id
 where household.ended_on is null
   and (:everything or household.area_id in
        (select descendant_id from area_closure where ancestor_id = any(cast(:mine as int[]))))
 order by household.number
