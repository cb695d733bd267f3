-- Is there any building by another maker than the first one's?
select count(distinct case when edited_at is null then maker else 'drawn' end) > 1 from building
