-- Lay down the areas that are new.
insert into area (level_id, code, name, kind, valid_from, population, boundary, boundary_kind, source_id)
select :level_id, code, name, kind, :valid_from, population, boundary, 'official', :source_id
  from stage_area where area_id is null
