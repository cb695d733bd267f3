-- The alleys in an area and some metres around, as lists and the editor show them. Words are folded, each must occur.
with place as (select st_buffer(boundary::geography, 30)::geometry as shape from area where id = :area_id)
select alley.id, alley.uuid, alley.name, alley.kind, alley.access, alley.has_gate, alley.closed_on, alley.edited_at,
       source.kind as source_kind, st_length(alley.line::geography) as metres, left(md5(alley::text), 16) as version,
       st_asbinary(alley.line) as line, count(*) over () as total
  from alley join source on source.id = alley.source_id, place
 where alley.line && place.shape and st_intersects(alley.line, place.shape)
   and (:words = '' or alley.name_folded like all (
     select '%' || word || '%' from regexp_split_to_table(:words, ' ') word))
   and (not :only_closed or alley.closed_on is not null)
   and (not :only_nameless or alley.name is null)
   and (not :only_edited or alley.edited_at is not null)
 order by alley.name_folded nulls last, alley.id
offset :skipped limit :most
