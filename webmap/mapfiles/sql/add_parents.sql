-- From when on does each area of the file belong to its parent?
insert into area_parent (area_id, parent_id, valid_from)
select one.area_id, one.parent_id, :valid_from from stage_area one
 where one.parent_id is not null
   and not exists (select from area where area.id = one.area_id and area.valid_to is not null)
   and not exists (select from area_parent edge
                    where edge.area_id = one.area_id and edge.parent_id = one.parent_id and edge.valid_to is null)
on conflict (area_id, valid_from) do update set parent_id = excluded.parent_id
