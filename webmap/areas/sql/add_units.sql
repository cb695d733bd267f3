-- Lay down the units that are new. A code is one area's at a time: one known from a later day ends this one there.
insert into area (level_id, code, name, kind, valid_from, valid_to, population, population_doubt, source_id)
select unit.level_id, unit.code, unit.name, unit.kind, :day,
       (select min(later.valid_from) from area later
         where later.code = unit.code and later.level_id = unit.level_id and later.valid_from > :day),
       unit.population, unit.doubt, :source_id
  from stage_unit unit where unit.area_id is null
