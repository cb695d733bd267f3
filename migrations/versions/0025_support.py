"""What insurance costs from when on, who pays which share of it, and cards that sponsors give."""

from alembic import op

revision = "0025"
down_revision = "0024"

PREMIUMS = """
create table base_salary (
  from_on date primary key,
  amount_dong bigint not null,
  decision text not null,
  constraint ck_base_salary_amount check (amount_dong between 100000 and 100000000)
);

create table premium_share (
  id int generated always as identity primary key,
  category text not null references card_category,
  area_id int references area,
  from_on date not null,
  to_on date,
  state_percent numeric(5, 2),
  local_percent numeric(5, 2),
  decision text not null,
  constraint ck_premium_share_period check (to_on is null or to_on >= from_on),
  constraint ck_premium_share_percents check (state_percent between 0 and 100 and local_percent between 0 and 100),
  constraint ck_premium_share_state_is_national check ((area_id is null) = (state_percent is not null)),
  constraint ck_premium_share_local_is_of_an_area check ((area_id is null) = (local_percent is null)),
  constraint uq_premium_share_category_area_id_from_on unique nulls not distinct (category, area_id, from_on)
);
create index ix_premium_share_area_id on premium_share (area_id);
grant select, insert, update, delete on base_salary, premium_share to web_app;
"""

# As published. What the state pays of the premium of those whom it insures or supports; local support is entered.
VALUES = """
insert into base_salary (from_on, amount_dong, decision) values
  ('2023-07-01', 1800000, 'Nghị định 24/2023/NĐ-CP'),
  ('2024-07-01', 2340000, 'Nghị định 73/2024/NĐ-CP');
insert into premium_share (category, from_on, to_on, state_percent, decision)
  select category, date '2018-12-01', null::date, 100, 'Nghị định 146/2018/NĐ-CP, điều 7'
    from unnest(array['HN', 'DT', 'DK', 'TE', 'BT', 'CC', 'CB']) category
  union all select 'CN', date '2018-12-01', null, 70, 'Nghị định 146/2018/NĐ-CP, điều 8'
  union all select 'NO', date '2018-12-01', null, 30, 'Nghị định 146/2018/NĐ-CP, điều 8'
  union all select category, date '2018-12-01', date '2025-06-30', 30, 'Nghị định 146/2018/NĐ-CP, điều 8'
    from unnest(array['HS', 'SV']) category
  union all select category, date '2025-07-01', null, 50, 'Nghị định 188/2025/NĐ-CP, điều 6'
    from unnest(array['HS', 'SV']) category;
"""

DONATIONS = """
create table sponsor (
  id int generated always as identity primary key,
  area_id int not null references area,
  name text not null,
  phone text,
  constraint uq_sponsor_area_id_name unique (area_id, name)
);

create table donation (
  id int generated always as identity primary key,
  sponsor_id int not null references sponsor,
  -- where the receivers live
  area_id int not null references area,
  received_on date not null,
  amount_dong bigint,
  cards int,
  months smallint not null,
  receivers text not null,
  age_from smallint,
  age_to smallint,
  age_is_first boolean not null default false,
  hardship_first boolean not null default true,
  note text,
  created_by uuid not null references account,
  created_at timestamptz not null default now(),
  constraint ck_donation_something check (coalesce(amount_dong, cards) is not null),
  constraint ck_donation_amount check (amount_dong > 0 and cards > 0),
  constraint ck_donation_months check (months in (3, 6, 12)),
  constraint ck_donation_receivers check (receivers in ('residents', 'pupils', 'anyone')),
  constraint ck_donation_ages check (age_from between 0 and 120 and age_to between 0 and 120 and age_from <= age_to)
);
create index ix_donation_sponsor_id on donation (sponsor_id);
create index ix_donation_area_id on donation (area_id, received_on desc);

create table allocation (
  id uuid primary key,
  donation_id int not null references donation,
  person_id uuid not null references person,
  from_on date not null,
  to_on date not null,
  amount_dong bigint not null,
  state text not null default 'confirmed',
  number int,
  confirmed_by uuid not null references account,
  confirmed_at timestamptz not null default now(),
  given_on date,
  given_by uuid references account,
  withdrawn_at timestamptz,
  withdrawn_by uuid references account,
  withdrawn_why text,
  constraint ck_allocation_state check (state in ('confirmed', 'given', 'withdrawn')),
  constraint ck_allocation_period check (to_on >= from_on),
  constraint ck_allocation_amount check (amount_dong >= 0),
  constraint ck_allocation_given check (state <> 'given' or (given_on is not null and number is not null)),
  constraint ck_allocation_withdrawn check ((state = 'withdrawn') = (withdrawn_at is not null)),
  constraint uq_allocation_donation_id_number unique (donation_id, number)
);
create index ix_allocation_person_id on allocation (person_id);
create index ix_allocation_donation_id on allocation (donation_id);
"""

# The ledger of a donation holds whoever writes at the same time: both functions see all rows, and wait for one another.
LEDGER = """
create function has_gift(whom uuid, first_on date, last_on date, except_id uuid default null) returns boolean
stable security definer set search_path = public, pg_temp language sql as $$
  select exists (select 1 from allocation where person_id = whom and state <> 'withdrawn'
    and from_on <= last_on and to_on >= first_on and id is distinct from except_id)
$$;

create function donation_holds(checked int) returns void
volatile security definer set search_path = public, pg_temp language plpgsql as $$
declare held donation; spent bigint; given bigint;
begin
  select * into held from donation where id = checked for update;
  select coalesce(sum(amount_dong), 0), count(*) into spent, given
    from allocation where donation_id = checked and state <> 'withdrawn';
  if spent > held.amount_dong or given > held.cards then
    raise exception using errcode = 'check_violation', constraint = 'donation_holds',
      message = 'more was allotted than the donation holds';
  end if;
end $$;

create function allocation_checked() returns trigger
volatile security definer set search_path = public, pg_temp language plpgsql as $$
begin
  if new.state <> 'withdrawn' then
    perform donation_holds(new.donation_id);
    perform pg_advisory_xact_lock(hashtextextended(new.person_id::text, 25));
    if has_gift(new.person_id, new.from_on, new.to_on, new.id) then
      raise exception using errcode = 'check_violation', constraint = 'allocation_once',
        message = 'this person has a gift for these days';
    end if;
  end if;
  return null;
end $$;
create trigger allocation_checked after insert or update on allocation
  for each row execute function allocation_checked();

create function donation_checked() returns trigger
volatile security definer set search_path = public, pg_temp language plpgsql as $$
begin
  perform donation_holds(new.id);
  return null;
end $$;
create trigger donation_checked after update of amount_dong, cards on donation
  for each row execute function donation_checked();
"""

MINE = "coalesce((select app_reach_of_persons()) @> area_id, false)"
STAFF = "(select app_role()) <> 'canvasser'"

SECURITY = f"""
alter table donation enable row level security;
create policy scope on donation using ({MINE} and {STAFF});
alter table sponsor enable row level security;
create policy scope on sponsor using (({MINE} or id in (select sponsor_id from donation)) and {STAFF});
alter table allocation enable row level security;
create policy scope on allocation using (donation_id in (select id from donation));
grant select, insert, update, delete on sponsor, donation to web_app;
grant select, insert, update on allocation to web_app;
revoke execute on function donation_holds, allocation_checked, donation_checked from public;
"""


def upgrade() -> None:
    for step in (PREMIUMS, VALUES, DONATIONS, LEDGER, SECURITY):
        op.execute(step)


def downgrade() -> None:
    op.execute("""
        drop table allocation, donation, sponsor, premium_share, base_salary;
        drop function allocation_checked, donation_checked, donation_holds, has_gift;
    """)
