"""Many people sign in at the same time: nobody is refused, and the machine is not taken away.

How long they wait: benchmarks/sign_ins.py.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.builders import PASSWORD, Village, an_account
from webmap.accounts import passwords
from webmap.accounts.scope import SYSTEM
from webmap.app import create_app
from webmap.database.engine import transaction
from webmap.settings import Settings

PEOPLE = 16
THREADS = 8  # of the web server


def test_honest_sign_ins_at_once_are_all_let_in(fresh_database: str, app_settings: Settings) -> None:
    with transaction(SYSTEM) as session:
        village = Village.built(session)
        for number in range(PEOPLE):
            an_account(session, f"person-{number}", "canvasser", village.commune_id)
    app = create_app(app_settings, database_url=fresh_database)
    app.config["WTF_CSRF_ENABLED"] = False

    def enter(number: int) -> int:
        typed = {"username": f"person-{number}", "password": PASSWORD}
        answer = app.test_client().post("/sign-in", data=typed, environ_base={"REMOTE_ADDR": "192.0.2.10"})
        return answer.status_code

    with ThreadPoolExecutor(THREADS) as web_server:
        answers = list(web_server.map(enter, range(PEOPLE)))
    app.extensions["engine"].dispose()

    assert answers == [302] * PEOPLE


def test_no_more_than_two_passwords_are_looked_at_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    at_work, most = 0, 0

    class Counting:
        def hash(self, password: str) -> str:
            nonlocal at_work, most
            at_work += 1
            most = max(most, at_work)
            try:
                return passwords.PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(password)
            finally:
                at_work -= 1

    monkeypatch.setattr(passwords, "HASHER", Counting())
    with ThreadPoolExecutor(12) as rush:
        list(rush.map(passwords.hashed, ["một mật khẩu dài"] * 60))

    assert 1 <= most <= 2
