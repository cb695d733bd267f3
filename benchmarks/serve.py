"""The product's own web server on a benchmark database, with somebody signed in. Used by benchmarks/tiles.py.

    python -m benchmarks.serve URL PORT

Prints the cookie of a leader of the whole province and serves until it is stopped.
"""

import logging
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from waitress import serve

from tests.builders import an_account
from webmap import clock
from webmap.accounts.models import Account, LoginSession
from webmap.accounts.scope import SYSTEM
from webmap.app import create_app
from webmap.areas.models import Area
from webmap.database.engine import transaction
from webmap.ids import uuid7
from webmap.settings import Settings


def main() -> None:
    url, port = sys.argv[1], int(sys.argv[2])
    settings = Settings(data_dir=Path(tempfile.mkdtemp()), secret_key="only-for-benchmarks", is_https=False)  # noqa: S106
    app = create_app(settings, database_url=url)
    with transaction(SYSTEM) as session:
        account_id = session.scalar(select(Account.id).where(Account.username == "bench"))
        if account_id is None:
            top = session.scalars(select(Area.id).where(Area.parent_id.is_(None))).all()
            account_id = an_account(session, "bench", "supervisor", *top).id
        login = LoginSession(id=uuid7(), account_id=account_id, expires_at=clock.now() + timedelta(days=1))
        session.add(login)
    signer = app.session_interface.get_signing_serializer(app)
    assert signer is not None
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # as webmap serve does not speak of a queue of one
    print(f"session={signer.dumps({'_user_id': str(login.id), '_fresh': True})}", flush=True)
    serve(app, host="127.0.0.1", port=port, threads=8, asyncore_use_poll=True, ident=None)


if __name__ == "__main__":
    main()
