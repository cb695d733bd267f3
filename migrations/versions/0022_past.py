"""What was known of people and their cards: each version that is replaced or deleted is kept, with when it was known."""

from alembic import op

revision = "0022"
down_revision = "0020"

TABLES = """
-- When what stands in a row was learned. Columns that are worked out from others (status …) do not count.
alter table person add column known_from timestamptz not null default now();
alter table card add column known_from timestamptz not null default now();

create table person_past (
  person_id uuid not null,
  known_from timestamptz not null,
  known_to timestamptz not null,
  household_id uuid not null,
  area_id int not null,
  full_name text not null,
  sex text,
  birth_on date,
  birth_year smallint,
  citizen_id text,
  insurance_code text,
  residency text not null,
  reason_group text,
  next_step text,
  next_step_on date,
  reported_on date,
  pledged_until date,
  constraint pk_person_past primary key (person_id, known_to),
  constraint ck_person_past_known check (known_to > known_from)
);
create index ix_person_past_area_id on person_past (area_id, known_to);

create table card_past (
  card_id uuid not null,
  known_from timestamptz not null,
  known_to timestamptz not null,
  person_id uuid not null,
  category text not null,
  number text,
  valid_from date not null,
  valid_to date,
  origin text not null,
  constraint pk_card_past primary key (card_id, known_to),
  constraint ck_card_past_known check (known_to > known_from)
);
create index ix_card_past_person_id on card_past (person_id, known_to);
"""

PERSON = (
    "household_id", "area_id", "full_name", "sex", "birth_on", "birth_year", "citizen_id", "insurance_code",
    "residency", "reason_group", "next_step", "next_step_on", "reported_on", "pledged_until",
)  # fmt: skip
CARD = ("person_id", "category", "number", "valid_from", "valid_to", "origin")


def _keeping(table: str, columns: tuple[str, ...]) -> str:
    """Triggers that note when a row was learned, and keep the one it replaces: in sets, not row by row."""
    old, new = (", ".join(f"{side}.{column}" for column in columns) for side in ("old", "new"))
    kept = ", ".join(columns)
    return f"""
create function {table}_learned() returns trigger language plpgsql as $$
begin
  new.known_from := now();
  return new;
end $$;
create trigger learned before update on {table} for each row
  when (({old}) is distinct from ({new})) execute function {table}_learned();

-- Definer: nobody may write the past, and everybody who changes a row adds to it. A row that was learned in the same
-- transaction was never known to anybody.
create function {table}_replaced() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
begin
  insert into {table}_past ({table}_id, known_from, known_to, {kept})
  select was.id, was.known_from, now(), {", ".join(f"was.{column}" for column in columns)}
    from was join became using (id)
   where was.known_from < became.known_from;
  return null;
end $$;
create trigger replaced after update on {table} referencing old table as was new table as became
  for each statement execute function {table}_replaced();

create function {table}_deleted() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
begin
  insert into {table}_past ({table}_id, known_from, known_to, {kept})
  select id, known_from, now(), {kept} from was where known_from < now();
  return null;
end $$;
create trigger deleted after delete on {table} referencing old table as was
  for each statement execute function {table}_deleted();

-- The rows as they were known at an instant.
create view {table}_versions with (security_invoker) as
  select id as {table}_id, known_from, 'infinity'::timestamptz as known_to, {kept} from {table}
  union all
  select {table}_id, known_from, known_to, {kept} from {table}_past;
"""


SECURITY = """
alter table person_past enable row level security;
create policy scope on person_past using (coalesce((select app_reach_of_persons()) @> area_id, false)
  and (select app_role()) <> 'canvasser');
alter table card_past enable row level security;
create policy scope on card_past using ((select app_role()) <> 'canvasser' and (
  exists (select 1 from person where person.id = card_past.person_id)
  or exists (select 1 from person_past where person_past.person_id = card_past.person_id)));
grant select on person_past, card_past, person_versions, card_versions to web_app;
"""


def upgrade() -> None:
    for step in (TABLES, _keeping("person", PERSON), _keeping("card", CARD), SECURITY):
        op.execute(step)


def downgrade() -> None:
    for table in ("card", "person"):
        op.execute(f"""
            drop view {table}_versions;
            drop trigger learned on {table};
            drop trigger replaced on {table};
            drop trigger deleted on {table};
            drop function {table}_learned, {table}_replaced, {table}_deleted;
            drop table {table}_past;
            alter table {table} drop column known_from;
        """)
