-- Compare each pair, and weigh what agrees (webmap/roll/rules.py; docs/decisions has the method).
create temporary table name_known on commit drop as
select name_folded, count(*)::float8 as times from known group by name_folded;
analyze name_known;

create temporary table area_known on commit drop as
select area_id, count(*)::float8 as people from known group by area_id;

create temporary table compared on commit drop as
with total as (select greatest(count(*), 1)::float8 as people from known),
pair as (
  select o.row_number, k.person_id, total.people, name_known.times, area_known.people as neighbours,
         o.full_name as o_name, k.full_name as k_name, o.name_folded as o_folded, k.name_folded as k_folded,
         o.birth_on as o_birth, k.birth_on as k_birth, o.birth_year as o_year, k.birth_year as k_year,
         o.sex as o_sex, k.sex as k_sex, o.area_id as o_area, k.area_id as k_area,
         o.insurance_code as o_code, k.insurance_code as k_code, o.citizen_id as o_id, k.citizen_id as k_id,
         o.household_code, o.head_name, o.address as o_address,
         household.code, household.head_name as k_head, household.house_number, household.alley_name, household.address
    from roll_pair
    join open_row o on o.row_number = roll_pair.row_number
    join known k on k.person_id = roll_pair.person_id
    join household on household.id = k.household_id
    join name_known on name_known.name_folded = k.name_folded
    join area_known on area_known.area_id = k.area_id
    cross join total
   where o.name_folded = k.name_folded
      or levenshtein_less_equal(left(o.name_folded, 100), left(k.name_folded, 100), 2)
         <= case when length(o.name_folded) > 9 then 2 else 1 end
), levels as (
  select row_number, person_id, people, times, neighbours,
         case when o_folded <> k_folded then
                case when levenshtein_less_equal(left(o_folded, 100), left(k_folded, 100), 2) = 1 then 'one_slip' else 'two_slips' end
              when lower(o_name) = lower(k_name) or tones_last(o_name) = tones_last(k_name) then 'same'
              when lower(o_name) = o_folded or lower(k_name) = k_folded then 'no_marks'
              else 'other_marks' end as name,
         case when o_birth is not null and k_birth is not null then
                case when o_birth = k_birth then 'same_day'
                     when extract(month from o_birth) = extract(day from k_birth) and o_year = k_year
                      and extract(day from o_birth) = extract(month from k_birth) then 'swapped'
                     when (o_year = k_year)::int + (extract(month from o_birth) = extract(month from k_birth))::int
                        + (extract(day from o_birth) = extract(day from k_birth))::int = 2 then 'one_part_off'
                     when o_year = k_year then 'other_day_of_year'
                     else 'differs' end
              when o_year is null or k_year is null then 'not_said'
              when o_year = k_year then 'same_year'
              when abs(o_year - k_year) = 1 then 'year_beside'
              else 'differs' end as birth,
         case when o_sex is null or k_sex is null then 'not_said' when o_sex = k_sex then 'same' else 'differs' end as sex,
         case when o_area is null then 'not_said' when o_area = k_area then 'same' else 'differs' end as village,
         case when household_code is null then 'not_said'
              when lower(household_code) = lower(code) then 'same' else 'differs' end as household,
         case when head_name is null or k_head is null then 'not_said'
              when fold(head_name) = fold(k_head) then 'same' else 'differs' end as head,
         case when o_address is null then 'not_said'
              when fold(o_address) in (fold(address), fold(concat_ws(' ', house_number, alley_name)),
                                       fold(concat_ws(', ', house_number, alley_name))) then 'same'
              else 'differs' end as address,
         case when o_code <> k_code then
                case when levenshtein_less_equal(o_code, k_code, 1) <= 1 then 'one_digit_off' else 'differs' end
              when length(o_id) = length(k_id) and o_id <> k_id then
                case when levenshtein_less_equal(o_id, k_id, 1) <= 1 then 'one_digit_off' else 'differs' end
              else 'not_said' end as number
    from pair
)
select row_number, person_id, name, birth, sex, village, household, head, address, number,
       0.95 / people * ({name}) * ({birth}) * ({sex}) * ({village}) * ({household}) * ({head}) * ({address}) * ({number})
         as weight
  from levels
 where number <> 'differs';
create index on compared (row_number);
analyze compared;

-- How sure: this person's weight against all that the row may be, and against nobody we know.
create temporary table judged on commit drop as
select compared.*, (weight / (0.05 + sum(weight) over (partition by row_number)))::real as confidence,
       row_number() over (partition by row_number order by weight desc, person_id) as place
  from compared;

insert into roll_found (row_number, person_id, matched_by, confidence)
select row_number, person_id, 'name', confidence
  from judged
 where place = 1 and confidence >= :automatic and number <> 'one_digit_off';

insert into roll_scored (row_number, person_id, confidence, agreement)
select row_number, person_id, confidence,
       jsonb_build_object('name', name, 'birth', birth, 'sex', sex, 'village', village, 'household', household,
                          'head', head, 'address', address, 'number', number)
  from judged
 where place <= :most and confidence >= :doubtful
   and not exists (select 1 from roll_found f where f.row_number = judged.row_number);
