"""Whether all is well may be asked by the app; teams are seen in their areas only."""

from alembic import op

revision = "0015"
down_revision = "0011"

IN_SCOPE = "coalesce((select app_reach()) @> area_id, false)"

# Who is in which team is about people. Both walls stand everywhere else too.
TEAMS = f"""
alter table team enable row level security;
create policy scope on team using ({IN_SCOPE});
alter table team_member enable row level security;
create policy scope on team_member using (exists (select 1 from team where team.id = team_member.team_id));
"""


def upgrade() -> None:
    op.execute("grant select on alembic_version to web_app;")
    op.execute(TEAMS)


def downgrade() -> None:
    op.execute("""
        drop policy scope on team_member;
        alter table team_member disable row level security;
        drop policy scope on team;
        alter table team disable row level security;
        revoke select on alembic_version from web_app;
    """)
