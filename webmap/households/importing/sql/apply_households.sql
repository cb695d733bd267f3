-- New doors, ordered along the ground, and changed ones.
with numbered as (
  select s.*, row_number() over (partition by s.area_id order by s.no) + coalesce((
           select max(substring(h.code from '^M(\d{1,9})$')::int) from household h
            where h.area_id = s.area_id and h.code ~ '^M\d{1,9}$'), 0) as made_number
    from staged_household s where s.is_new and s.code is null
)
update staged_household s set code = 'M' || lpad(n.made_number::text, 4, '0') from numbered n where n.no = s.no;

insert into household (id, area_id, code, head_name, phone, house_number, alley_name, address, note, point, place_source,
                       placed_at, building_id, source_id)
select household_id, area_id, code, head_name, phone, house_number, alley, address, note,
       st_setsrid(st_makepoint(lon, lat), 4326), place_source, case when lon is not null then now() end,
       building_id, :source_id
  from staged_household where is_new
 order by st_setsrid(st_makepoint(lon, lat), 4326), no;

update household h
   set head_name = case when s.changes ? 'head_name' then s.head_name else h.head_name end,
       phone = coalesce(s.phone, h.phone), alley_name = coalesce(s.alley, h.alley_name),
       house_number = coalesce(s.house_number, h.house_number), address = coalesce(s.address, h.address),
       note = coalesce(s.note, h.note),
       point = case when s.changes ? 'place' then st_setsrid(st_makepoint(s.lon, s.lat), 4326) else h.point end,
       place_source = case when s.changes ? 'place' then s.place_source else h.place_source end,
       building_id = case when s.changes ? 'place' then s.building_id else h.building_id end,
       placed_at = case when s.changes ? 'place' then now() else h.placed_at end,
       place_accuracy_metres = case when s.changes ? 'place' then null else h.place_accuracy_metres end,
       version = h.version + 1, updated_at = now()
  from staged_household s
 where s.household_id = h.id and not s.is_new and s.changes <> '{}';
