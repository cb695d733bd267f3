-- Which campaigns were begun for the communes that end?
select campaign.name from campaign where campaign.area_id in (select area_id from reform_commune)
 order by campaign.starts_on desc
