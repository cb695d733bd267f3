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


def upgrade() -> None:
    for step in (PREMIUMS, VALUES):
        op.execute(step)


def downgrade() -> None:
    op.execute("drop table premium_share, base_salary;")
