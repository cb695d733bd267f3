-- The state gives villages no codes: the code of the area above and the first free numbers, in the order of the file. At
-- the top of the tree, where there is no code above, the name.
with without as (
  select one.number, one.parent_id, coalesce(above.code, '') as above_code, one.name,
         row_number() over (partition by one.parent_id order by one.number) as place
    from stage_area one left join area above on above.id = one.parent_id
   where one.area_id is null and one.code = ''),
free as (
  select parents.parent_id, candidate.code, row_number() over (partition by parents.parent_id order by candidate.n) as place
    from (select parent_id, above_code, count(*) as many from without where parent_id is not null group by 1, 2) parents
   cross join lateral (
     select n, parents.above_code || lpad(n::text, greatest(2, length(n::text)), '0') as code
       from generate_series(1, 20000) n
      where not exists (select from area
                         where area.code = parents.above_code || lpad(n::text, greatest(2, length(n::text)), '0'))
        and not exists (select from stage_area
                         where stage_area.code = parents.above_code || lpad(n::text, greatest(2, length(n::text)), '0'))
      order by n limit parents.many) candidate)
update stage_area one
   set code = coalesce(free.code, upper(replace(fold(without.name), ' ', '-')))
  from without left join free on free.parent_id = without.parent_id and free.place = without.place
 where one.number = without.number
