"""The ledger: everybody of an area in exactly one bucket between two days, from what was known then."""

from pathlib import Path

from alembic import op

revision = "0024"
down_revision = "0023"

VIEW = Path(__file__).parent.parent / "views" / "0024_ledger.sql"

RIGHTS = """
revoke execute on function ledger_ground, ledger_sources, ledger_lost_group, ledger_rows, ledger_people, ledger_counts,
  ledger_roll_rows from public;
grant execute on function ledger_ground, ledger_people, ledger_counts, ledger_roll_rows to web_app;
"""


def upgrade() -> None:
    op.execute(VIEW.read_text("utf-8"))
    op.execute(RIGHTS)


def downgrade() -> None:
    op.execute("""
        drop function ledger_counts, ledger_people, ledger_roll_rows, ledger_rows, ledger_lost_group, ledger_sources,
          ledger_ground, ledger_end_of;
    """)
