-- People of the roll's areas whose card held on its day and who are not on it, nor doubtfully so: the next ones by id.
select person.id
  from person
 where person.area_id in (select descendant_id from area_closure where ancestor_id = :area_id)
   and person.id > :after
   and exists (select 1 from card where card.person_id = person.id and card.origin <> 'by_hand'
                  and card.valid_from < :listed_on and coalesce(card.valid_to, 'infinity') >= :listed_on)
   and not exists (select 1 from roll_row listed where listed.import_id = :import_id and listed.person_id = person.id)
   and person.id not in (
     select candidate.person_id from roll_candidate candidate
       join roll_row asked on asked.import_id = candidate.import_id and asked.row_number = candidate.row_number
      where candidate.import_id = :import_id and asked.verdict in ('doubtful', 'refuse'))
 order by person.id
 limit :most;
