-- What a database holds: the demo's own source, and whether anything is there that nobody marked as invented.
select (select name from source where kind = 'demo' and is_invented order by id limit 1) as demo,
       exists (select 1 from area) or exists (select 1 from household) or exists (select 1 from alley)
         or exists (select 1 from account) as is_filled
