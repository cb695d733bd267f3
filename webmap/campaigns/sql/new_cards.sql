-- How many people of an area got a card of the household plan in a period, who had none the day before?
select count(distinct person.id)
  from person join card on card.person_id = person.id join card_category on card_category.code = card.category
 where person.area_id in (select descendant_id from area_closure where ancestor_id = :area_id)
   and card_category.group_code = 'household_plan' and card.valid_from between :since and :until
   and not exists (select from card other where other.person_id = person.id
                    and other.valid_from < card.valid_from
                    and (other.valid_to is null or other.valid_to >= card.valid_from - 1))
