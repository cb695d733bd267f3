-- Which areas lie in which of these parts by the map of a day, as far as the asking person may see persons.
select held as area_id, part as part_id from unnest(cast(:parts as int[])) part, ledger_ground(part, :last) held
