"""What happened at the doors: added, never edited."""

from alembic import op

revision = "0009"
down_revision = "0008"

IN_SCOPE = "coalesce((select app_reach_of_persons()) @> area_id, false)"

TABLES = """
create table visit (
  id uuid primary key,
  household_id uuid not null,
  area_id int not null,
  account_id uuid not null references account,
  route_id uuid references route,
  device text,
  outcome text not null,
  happened_at timestamptz not null,
  received_at timestamptz not null default now(),
  point geometry(Point, 4326),
  accuracy_metres real,
  metres_from_door real,
  is_far boolean not null default false,
  revisit_on date,
  note text,
  content_sha256 text not null,
  corrects_visit_id uuid references visit,
  constraint fk_visit_household foreign key (household_id, area_id) references household (id, area_id) on update cascade,
  constraint ck_visit_outcome check (outcome in
    ('met', 'not_home', 'refused', 'vacant', 'no_entry', 'moved_away', 'not_found', 'deferred')),
  constraint ck_visit_accuracy check (accuracy_metres >= 0)
);
create index ix_visit_household_id on visit (household_id, happened_at desc);
create index ix_visit_area_id on visit (area_id, happened_at desc);
create index ix_visit_received_at on visit using brin (received_at);

create table visit_person (
  visit_id uuid not null references visit,
  person_id uuid not null references person,
  outcome text not null,
  reason_group text,
  pledged_until date,
  pay_how text,
  note text,
  facts_before jsonb,
  constraint pk_visit_person primary key (visit_id, person_id),
  constraint ck_visit_person_outcome check (outcome in
    ('enrolled', 'has_card', 'pledged', 'refused', 'needs_support', 'away', 'moved', 'deceased')),
  constraint ck_visit_person_pledge check ((outcome = 'pledged') = (pledged_until is not null))
);
create index ix_visit_person_person_id on visit_person (person_id);

-- What a phone sent and could not be kept as a visit: raw, for a person to look at. Received all the same.
create table quarantined_entry (
  id bigint generated always as identity primary key,
  entry_id text,
  account_id uuid not null references account,
  received_at timestamptz not null default now(),
  code text not null,
  content_sha256 text not null,
  body bytea not null,
  settled_at timestamptz,
  settled_by uuid references account,
  constraint uq_quarantined_entry_account_id_entry_id_content_sha256 unique (account_id, entry_id, content_sha256)
);
create index ix_quarantined_entry_account_id on quarantined_entry (account_id);
"""

# No update and no delete is granted: not even a bug can rewrite what happened at a door.
SECURITY = f"""
alter table visit enable row level security;
create policy scope on visit using ({IN_SCOPE}
  and ((select app_role()) <> 'canvasser' or account_id = (select app_account_id())
       or household_id in (select app_walk_household_ids())));
alter table visit_person enable row level security;
create policy scope on visit_person using (exists (select 1 from visit where visit.id = visit_person.visit_id));
alter table quarantined_entry enable row level security;
create policy scope on quarantined_entry using (
  (select app_role()) = 'system' or account_id = (select app_account_id())
  or ((select app_sees_persons()) and (select app_role()) <> 'canvasser'
      and exists (select 1 from account where account.id = quarantined_entry.account_id)));
grant select, insert on visit, visit_person to web_app;
grant select, insert, update on quarantined_entry to web_app;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(SECURITY)


def downgrade() -> None:
    op.execute("drop table quarantined_entry, visit_person, visit;")
