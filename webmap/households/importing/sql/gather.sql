-- Households of the staged rows: what the head's row says, else the first row that says anything.
insert into staged_household (no, area_id, code, head_row, head_name, phone, alley, house_number, address, note,
                              lon, lat, place_source, building_id)
select household_no,
       min(area_id),
       (array_agg(household_code order by row_number) filter (where household_code is not null))[1],
       (array_agg(row_number order by coalesce(is_head, false) desc, row_number))[1],
       (array_agg(head_name order by row_number) filter (where head_name is not null))[1],
       (array_agg(phone order by coalesce(is_head, false) desc, row_number) filter (where phone is not null))[1],
       (array_agg(alley order by coalesce(is_head, false) desc, row_number) filter (where alley is not null))[1],
       (array_agg(house_number order by coalesce(is_head, false) desc, row_number) filter (where house_number is not null))[1],
       (array_agg(address order by coalesce(is_head, false) desc, row_number) filter (where address is not null))[1],
       string_agg(distinct note, '; ') filter (where note is not null),
       (array_agg(lon order by coalesce(is_head, false) desc, row_number) filter (where lon is not null))[1],
       (array_agg(lat order by coalesce(is_head, false) desc, row_number) filter (where lat is not null))[1],
       (array_agg(place_source order by coalesce(is_head, false) desc, row_number) filter (where lon is not null))[1],
       (array_agg(building_id order by coalesce(is_head, false) desc, row_number) filter (where lon is not null))[1]
  from staged_row
 group by household_no;
analyze staged_row;
analyze staged_household;
