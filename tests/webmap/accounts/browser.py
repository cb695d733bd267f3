"""What a person does with a browser to sign in, and a thief with her cookie."""

from werkzeug.test import TestResponse

from tests.builders import PASSWORD
from tests.clients import PageClient


def knock(
    client: PageClient,
    username: str,
    password: str = PASSWORD,
    *,
    address: str = "198.51.100.7",
    goal: str | None = None,
) -> TestResponse:
    return client.post(
        "/sign-in",
        data={"username": username, "password": password},
        query_string={} if goal is None else {"next": goal},
        environ_base={"REMOTE_ADDR": address},
    )


def is_signed_in(client: PageClient) -> bool:
    return client.get("/account").status_code == 200


def cookie_of(client: PageClient) -> str:
    found = client.get_cookie("session")
    assert found is not None
    return found.value


def put_cookie(client: PageClient, value: str) -> None:
    client.set_cookie("session", value)
