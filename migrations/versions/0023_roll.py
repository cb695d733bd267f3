"""The agency's rolls: their rows, whom each was taken for, what a person decided, and what applying them changed."""

from alembic import op

revision = "0023"
down_revision = "0022"

TABLES = r"""
create extension if not exists fuzzystrmatch;  -- levenshtein: slips of the keyboard in names

-- 'hòa' and 'hoà' are one word: the mark of the tone goes to the end of its syllable. 'Hoa' stays another.
create function tones_last(value text) returns text immutable strict parallel safe language sql
return lower(translate(regexp_replace(normalize(value, nfd), '([\u0300\u0301\u0303\u0309\u0323])(\S*)', '\2\1', 'g'), 'Đ', 'đ'));

alter table source drop constraint source_kind_check;
alter table source add constraint source_kind_check
  check (kind in ('areas', 'streets', 'households', 'roll', 'demo', 'hand'));

-- One roll, from upload to undo.
create table roll_import (
  id uuid primary key,
  area_id int not null references area,
  account_id uuid not null,
  source_id int references source,
  file_name text not null,
  sha256 text not null,
  content bytea,
  purpose text not null,
  legal_basis text not null,
  mapping jsonb not null default '{}',
  listed_on date not null,
  is_complete boolean not null default false,
  state text not null default 'uploaded',
  counts jsonb not null default '{}',
  applied_through int not null default 0,
  created_at timestamptz not null default now(),
  applied_at timestamptz,
  undone_at timestamptz,
  constraint ck_roll_import_state check (state in
    ('uploaded', 'checking', 'checked', 'applying', 'applied', 'undoing', 'undone', 'failed', 'cancelled'))
);
create index ix_roll_import_area_id on roll_import (area_id, listed_on desc);

create table roll_row (
  import_id uuid not null references roll_import on delete cascade,
  row_number int not null,
  area_id int,
  full_name text,
  sex text,
  birth_on date,
  birth_year smallint,
  citizen_id text,
  insurance_code text,
  card_number text,
  category text,
  valid_from date,
  valid_to date,
  is_from_assumed boolean not null default false,
  household_code text,
  head_name text,
  address text,
  verdict text not null,
  person_id uuid,
  card_id uuid,
  matched_by text,
  confidence real,
  changes jsonb not null default '{}',
  reasons jsonb not null default '[]',
  given jsonb not null default '{}',
  constraint pk_roll_row primary key (import_id, row_number),
  constraint ck_roll_row_sex check (sex in ('male', 'female')),
  constraint ck_roll_row_verdict check (verdict in
    ('add', 'change', 'same', 'refuse', 'doubtful', 'stranger', 'twice')),
  constraint ck_roll_row_matched_by check (matched_by in
    ('insurance_code', 'citizen_id', 'card_number', 'name', 'choice'))
);
create index ix_roll_row_verdict on roll_row (import_id, verdict, row_number);
create index ix_roll_row_person_id on roll_row (person_id) where person_id is not null;

-- Whom a row might be, for a person to decide.
create table roll_candidate (
  import_id uuid not null,
  row_number int not null,
  person_id uuid not null,
  confidence real not null,
  agreement jsonb not null default '{}',
  constraint pk_roll_candidate primary key (import_id, row_number, person_id),
  constraint fk_roll_candidate_row foreign key (import_id, row_number)
    references roll_row (import_id, row_number) on delete cascade
);

-- What somebody decided on a row, by what identifies it, so that nobody is asked twice. No person: nobody we know.
create table roll_choice (
  area_id int not null references area,
  identity text not null,
  person_id uuid references person on delete cascade,
  chosen_by uuid not null,
  chosen_at timestamptz not null default now(),
  constraint pk_roll_choice primary key (area_id, identity)
);
create index ix_roll_choice_person_id on roll_choice (person_id) where person_id is not null;

-- Every row that applying a roll wrote, as it was and as it became.
create table roll_change (
  id bigint generated always as identity primary key,
  import_id uuid not null references roll_import on delete cascade,
  row_number int,
  table_name text not null,
  row_id uuid not null,
  deed text not null,
  before jsonb,
  after jsonb,
  constraint ck_roll_change_table_name check (table_name in ('person', 'card')),
  constraint ck_roll_change_deed check (deed in ('added', 'changed'))
);
create index ix_roll_change_import_id on roll_change (import_id, id);
"""

MINE = "coalesce((select app_reach_of_persons()) @> area_id, false) and (select app_role()) <> 'canvasser'"
OF_A_ROLL = "import_id in (select id from roll_import)"

SECURITY = f"""
alter table roll_import enable row level security;
create policy scope on roll_import using ({MINE});
alter table roll_choice enable row level security;
create policy scope on roll_choice using ({MINE});
alter table roll_row enable row level security;
create policy scope on roll_row using ({OF_A_ROLL});
alter table roll_candidate enable row level security;
create policy scope on roll_candidate using ({OF_A_ROLL});
alter table roll_change enable row level security;
create policy scope on roll_change using ({OF_A_ROLL});
grant select, insert, update, delete on roll_import, roll_row, roll_candidate, roll_choice, roll_change to web_app;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(SECURITY)


def downgrade() -> None:
    op.execute("""
        drop table roll_change, roll_choice, roll_candidate, roll_row, roll_import;
        drop function tones_last;
        update source set kind = 'households' where kind = 'roll';
        alter table source drop constraint source_kind_check;
        alter table source add constraint source_kind_check
          check (kind in ('areas', 'streets', 'households', 'demo', 'hand'));
    """)
