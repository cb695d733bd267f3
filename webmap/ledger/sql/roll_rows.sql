-- The rows of the newest rolls that fit nobody of the register (stranger), or somebody who is listed twice.
select listed.*, area.name as village, household.code, household.id is not null as is_here, count(*) over () as total
  from ledger_roll_rows(:area_id, :last) listed
  join area on area.id = listed.area_id
  left join household on household.id = listed.household_id
 where listed.verdict = :verdict
   and (cast(:below as int) is null or listed.area_id in (select ledger_ground(:below, :last)))
 order by area.name collate "vi-x-icu", area.id, given_name(listed.full_name) collate "vi-x-icu",
          listed.full_name collate "vi-x-icu", listed.import_id, listed.row_number
 limit :most offset :skipped
