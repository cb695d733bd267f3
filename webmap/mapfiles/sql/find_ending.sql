-- Which areas of before does the new map replace here? Those with a code of the file, next to its areas (below the same
-- parent), or with their middle inside one of them. One that still holds villages or households waits for the reform.
insert into stage_ending (area_id, is_empty)
select before.id,
       not exists (select from area below where below.parent_id = before.id and below.valid_to is null)
       and not exists (select from household where household.area_id = before.id)
  from area before
 where before.level_id = :level_id and before.valid_to is null and before.valid_from < :valid_from
   and (:everything or before.id in (select descendant_id from area_closure
                                      where ancestor_id = any(cast(:mine as int[]))))
   and (exists (select from stage_area one where one.code = before.code)
        or (before.parent_id is null and :is_top)
        or before.parent_id in (select parent_id from stage_area)
        or exists (select from stage_area one where st_covers(one.boundary, st_pointonsurface(before.boundary))))
