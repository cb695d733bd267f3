-- Households that go elsewhere go into a village of the same name there, made for them.
with part as (
  select distinct moved.from_id as village_id, moved.commune_id, commune.day, old_commune.name as old_commune
    from reform_household moved join reform_village village on village.village_id = moved.from_id
    join reform_commune commune on commune.area_id = village.old_id
    join area old_commune on old_commune.id = village.old_id
),
made as (
  insert into area (level_id, code, name, kind, valid_from, source_id)
  select village.level_id, village.code || '-' || new.code,
         case when exists (select from reform_village same join area on area.id = same.village_id
                            where same.to_id = part.commune_id and same.village_id <> village.id
                              and fold(area.name) = fold(village.name))
                or exists (select from area same where same.parent_id = part.commune_id and same.valid_to is null
                              and fold(same.name) = fold(village.name))
              then village.name || ' (' || part.old_commune || ')' else village.name end,
         village.kind, part.day, new.source_id
    from part join area village on village.id = part.village_id join area new on new.id = part.commune_id
  returning id, code, valid_from
),
known as (
  select made.id, part.village_id, part.commune_id, part.day
    from part join area village on village.id = part.village_id join area new on new.id = part.commune_id
    join made on made.code = village.code || '-' || new.code
),
hung as (
  insert into area_parent (area_id, parent_id, valid_from) select id, commune_id, day from known
),
stepped as (
  insert into area_crosswalk (old_area_id, new_area_id, extent, changed_on) select village_id, id, 'part', day from known
)
update reform_household moved set to_id = known.id
  from known where known.village_id = moved.from_id and known.commune_id = moved.commune_id
