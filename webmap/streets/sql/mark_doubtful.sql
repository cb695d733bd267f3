-- Buildings of which their detector was not sure enough, by the setting of today.
update building set is_doubtful = not is_doubtful
 where id in (select id from compared_building) and is_doubtful <> coalesce(confidence < :confidence, false)
