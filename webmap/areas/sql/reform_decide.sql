-- Where do they go? Two thirds of the ground decide; else most of the placed households; else most of the ground.
with ranked as (
  select village_id, new_id, coalesce(ground, 0) as ground, houses,
         sum(houses) over (partition by village_id) as all_houses
    from reform_share
),
best as (
  select distinct on (village_id) village_id, new_id,
         case when ground >= 2.0 / 3 then 'boundary'
              when houses * 2 > all_houses then 'households'
              else 'boundary' end as how
    from ranked
   where ground >= 2.0 / 3 or houses * 2 > all_houses or ground > 0.5
   order by village_id, ground >= 2.0 / 3 desc, houses * 2 > all_houses desc, ground desc, new_id
)
update reform_village village set to_id = best.new_id, how = best.how
  from best where best.village_id = village.village_id and village.is_split
