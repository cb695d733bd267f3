-- The people of one line of the sheet, in the order of the list: by village, then by name. `total`: of all pages.
select one.*, area.name as village, household.code, household.head_name, household.id is not null as is_here,
       count(*) over () as total
  from ledger_people(:area_id, :first, :last, :late_days) one
  join area on area.id = one.area_id
  left join household on household.id = one.household_id
 where one.bucket = any (cast(:buckets as text[]))
   and (cast(:reason as text) is null or one.reason_group = :reason)
   and (cast(:was_covered as boolean) is null or one.was_covered = :was_covered)
   and (cast(:is_covered as boolean) is null or one.is_covered = :is_covered)
   and (cast(:is_listed as boolean) is null or one.is_listed = :is_listed)
   and (cast(:below as int) is null or one.area_id in (select ledger_ground(:below, :last)))
 order by area.name collate "vi-x-icu", area.id, given_name(one.full_name) collate "vi-x-icu",
          one.full_name collate "vi-x-icu", one.person_id
 limit :most offset :skipped
