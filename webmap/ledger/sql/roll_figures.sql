-- How many rows of the newest rolls fit nobody of the register, or somebody who is listed twice, by part of the sheet.
with part as (
  select unnest(cast(:areas as int[])) as area_id, unnest(cast(:parts as int[])) as part_id
)
select coalesce(part.part_id, :area_id) as area_id, verdict, count(*) as people
  from ledger_roll_rows(:area_id, :last) listed
  left join part on part.area_id = listed.area_id
 group by 1, 2
