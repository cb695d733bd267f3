"""Accounts to look around with, one for each role. Their passwords are no secret: the demo holds no real person."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webmap import clock
from webmap.accounts.models import Account, AccountArea
from webmap.accounts.passwords import hashed
from webmap.accounts.rules import Role
from webmap.demo.places import Tree
from webmap.ids import uuid7

PASSWORD = "go-tung-nha"  # noqa: S105 - printed for whoever runs the demo


@dataclass(frozen=True, slots=True)
class Login:
    """An account of the demo, and whose place it looks after."""

    username: str
    full_name: str
    role: Role
    place: str  # province, district, commune, neighbour


LOGINS = (
    Login("admin", "Quản trị (thử)", Role.ADMIN, "province"),
    Login("supervisor", "Giám sát huyện (thử)", Role.SUPERVISOR, "district"),
    Login("leader", "Tổ trưởng xã (thử)", Role.LEADER, "commune"),
    Login("canvasser", "Cộng tác viên 1 (thử)", Role.CANVASSER, "commune"),
    Login("canvasser2", "Cộng tác viên 2 (thử)", Role.CANVASSER, "commune"),
    Login("neighbour", "Tổ trưởng xã bên (thử)", Role.LEADER, "neighbour"),
)


def known_logins(session: Session) -> list[str]:
    """User names of the demo's accounts that this world has: one of a single commune has no neighbour."""
    names = [login.username for login in LOGINS]
    known = set(session.scalars(select(Account.username).where(Account.username.in_(names))))
    return [name for name in names if name in known]


def make_accounts(session: Session, tree: Tree) -> dict[str, UUID]:
    """Add the demo's accounts. A world of one commune has no neighbour."""
    places = {
        "province": tree.provinces,
        "district": tree.districts[:1],
        "commune": tree.communes[:1],
        "neighbour": tree.communes[1:2],
    }
    kept, made = hashed(PASSWORD), {}
    for login in LOGINS:
        if not places[login.place]:
            continue
        made[login.username] = uuid7()
        session.add(
            Account(
                id=made[login.username],
                username=login.username,
                full_name=login.full_name,
                role=login.role,
                password_hash=kept,
                must_change_password=False,
                password_changed_at=clock.now(),
            )
        )
        session.flush()
        session.add_all(AccountArea(account_id=made[login.username], area_id=area) for area in places[login.place])
    session.flush()
    return made
