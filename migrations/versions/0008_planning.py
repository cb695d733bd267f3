"""Plans, their walking routes, and the doors in order."""

from alembic import op

revision = "0008"
down_revision = "0007"

TABLES = """
create table plan (
  id uuid primary key,
  area_id int not null references area,
  name text not null,
  state text not null default 'draft',
  parameters jsonb not null,
  summary jsonb not null default '{}',
  job_id uuid references job,
  created_by uuid not null references account,
  created_at timestamptz not null default now(),
  published_at timestamptz,
  closed_at timestamptz,
  version int not null default 1,
  constraint ck_plan_state check (state in ('draft', 'published', 'closed'))
);
create index ix_plan_area_id on plan (area_id, created_at desc);

create table route (
  id uuid primary key,
  plan_id uuid not null references plan on delete cascade,
  area_id int not null references area,
  number smallint not null,
  team_id int references team,
  line geometry(MultiLineString, 4326),
  turf geometry(MultiPolygon, 4326),
  walk_metres int not null default 0,
  walk_minutes real not null default 0,
  door_minutes real not null default 0,
  uncovered_count int not null default 0,
  constraint uq_route_plan_id_number unique (plan_id, number)
);
create index ix_route_area_id on route (area_id);
create index ix_route_line on route using gist (line);

create table route_member (
  route_id uuid not null references route on delete cascade,
  account_id uuid not null references account on delete cascade,
  constraint pk_route_member primary key (route_id, account_id)
);
create index ix_route_member_account_id on route_member (account_id);

create table stop (
  route_id uuid not null references route on delete cascade,
  position smallint not null,
  household_id uuid not null references household on delete cascade,
  alley_id bigint references alley on delete set null,
  side text,
  walk_metres int not null default 0,
  arrive_minutes real not null default 0,
  door_minutes real not null default 0,
  constraint pk_stop primary key (route_id, position),
  constraint uq_stop_route_id_household_id unique (route_id, household_id),
  constraint ck_stop_side check (side in ('left', 'right'))
);
create index ix_stop_household_id on stop (household_id);
"""

IN_SCOPE = "coalesce((select app_reach()) @> area_id, false)"

# Security definer: the policies of household, stop and route would otherwise ask each other in a circle.
SECURITY = f"""
create or replace function app_walk_household_ids() returns setof uuid stable language sql
security definer set search_path = public, pg_temp as $$
  select stop.household_id
    from route_member join route on route.id = route_member.route_id
    join plan on plan.id = route.plan_id and plan.state = 'published'
    join stop on stop.route_id = route.id
   where route_member.account_id = app_account_id()
$$;
create function app_walk_route_ids() returns setof uuid stable language sql
security definer set search_path = public, pg_temp as $$
  select route.id
    from route_member join route on route.id = route_member.route_id
    join plan on plan.id = route.plan_id and plan.state = 'published'
   where route_member.account_id = app_account_id()
$$;

alter table plan enable row level security;
create policy scope on plan using (((select app_role()) <> 'canvasser' and {IN_SCOPE})
  -- the plan may be of a larger area than hers
  or exists (select 1 from route where route.plan_id = plan.id and route.id in (select app_walk_route_ids())));
alter table route enable row level security;
create policy scope on route using (
  ((select app_role()) <> 'canvasser' and {IN_SCOPE}) or id in (select app_walk_route_ids()));
alter table route_member enable row level security;
create policy scope on route_member using (
  exists (select 1 from route where route.id = route_member.route_id));
alter table stop enable row level security;
create policy scope on stop using (
  (select app_sees_persons() or app_role() = 'system')
  and exists (select 1 from route where route.id = stop.route_id));
grant select, insert, update, delete on plan, route, route_member, stop to web_app;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(SECURITY)


def downgrade() -> None:
    op.execute("""
        create or replace function app_walk_household_ids() returns setof uuid stable parallel safe language sql
        as $$ select null::uuid where false $$;
        drop table stop, route_member, route, plan;
        drop function app_walk_route_ids;
    """)
