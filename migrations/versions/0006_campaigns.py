"""What a campaign aims at, and the teams that walk."""

from alembic import op

revision = "0006"
down_revision = "0005"

TABLES = """
create table campaign (
  id int generated always as identity primary key,
  area_id int not null references area,
  name text not null,
  starts_on date not null,
  ends_on date not null,
  warning_days smallint not null default 30,
  -- lower bounds of the classes of colour in percent, after 0
  class_bounds numeric(5, 2)[] not null default '{70,80,90,95,97}',
  source_id int references source,
  constraint ck_campaign_period check (ends_on >= starts_on),
  constraint ck_campaign_warning_days check (warning_days between 1 and 365)
);
create index ix_campaign_area_id on campaign (area_id);

create table milestone (
  id int generated always as identity primary key,
  campaign_id int not null references campaign on delete cascade,
  starts_on date,
  due_on date not null,
  measure text not null,
  value numeric(12, 2) not null,
  constraint ck_milestone_measure check (measure in ('registered_rate', 'living_rate', 'new_cards', 'new_social_insurance')),
  constraint ck_milestone_period check (starts_on <= due_on),
  constraint uq_milestone_campaign_id_due_on_measure unique (campaign_id, due_on, measure)
);

create table team (
  id int generated always as identity primary key,
  area_id int not null references area,
  name text not null,
  organisation text,
  constraint uq_team_area_id_name unique (area_id, name)
);
create table team_member (
  team_id int not null references team on delete cascade,
  account_id uuid not null references account on delete cascade,
  constraint pk_team_member primary key (team_id, account_id)
);
create index ix_team_member_account_id on team_member (account_id);

grant select, insert, update, delete on campaign, milestone, team, team_member to web_app;
"""


def upgrade() -> None:
    op.execute(TABLES)


def downgrade() -> None:
    op.execute("drop table team_member, team, milestone, campaign;")
