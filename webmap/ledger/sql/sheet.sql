-- The figures of the sheet: the ledger of an area, added up by the parts that it is shown in.
with part as (
  select unnest(cast(:areas as int[])) as area_id, unnest(cast(:parts as int[])) as part_id
)
select coalesce(part.part_id, :area_id) as area_id, bucket, reason_group, was_covered, is_covered, is_listed,
       sum(people)::bigint as people
  from ledger_counts(:area_id, :first, :last, :late_days) counted
  left join part on part.area_id = counted.area_id
 group by 1, 2, 3, 4, 5, 6
