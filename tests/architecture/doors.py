"""Who may enter where: the table of tests/architecture/test_doors_are_closed.py. One line for each view.

    "households.show": Door(STAFF),                            the endpoint, and who may enter
    "areas.change": Door(ADMIN, form={"name": "x"}),           what to send, so that the view gets as far as the record
    "maps.tile": Door(EVERYBODY, is_about_a_record=False),     its parameters name no record of somebody's

When the address has a parameter that no other has, add one line to RECORDS (the record of Tân Ninh that stands for it)
or to OTHER_PARAMETERS (values that are nobody's record). Nothing else is to be written.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from tests.builders import PASSWORD, Member, Village, a_job, people_of
from webmap.accounts.rules import EVERYBODY, STAFF, Role

OPEN = None
ADMIN = {Role.ADMIN}
OVERSEERS = {Role.ADMIN, Role.SUPERVISOR}


@dataclass(frozen=True)
class Door:
    """Who may enter, and what to send to get as far as the record."""

    roles: Collection[Role] | None
    form: dict[str, Any] = field(default_factory=dict)
    json: dict[str, Any] | None = None
    query: dict[str, Any] = field(default_factory=dict)
    is_about_a_record: bool = True


NEW_ACCOUNT = {"username": "new-one", "full_name": "Người Mới", "role": "leader", "area_ids": "1"}
NEW_PASSWORD = {"old_password": PASSWORD, "new_password": "bốn con vịt xiêm", "again": "bốn con vịt xiêm"}

DOORS: dict[str, Door] = {
    # files and words without any data
    "static": Door(OPEN, is_about_a_record=False),
    "ui": Door(OPEN),
    "language": Door(OPEN, is_about_a_record=False),
    # accounts
    "accounts.sign_in": Door(OPEN),
    "accounts.enter": Door(OPEN, form={"username": "leader", "password": PASSWORD}),
    "accounts.sign_out": Door(OPEN),
    "accounts.own": Door(EVERYBODY),
    "accounts.keep_language": Door(EVERYBODY, form={"language": "en"}),
    "accounts.change_password": Door(EVERYBODY, form=NEW_PASSWORD),
    "accounts.sign_out_everywhere": Door(EVERYBODY),
    "staff.index": Door(OVERSEERS),
    "staff.new": Door(ADMIN),
    "staff.add": Door(ADMIN, form=NEW_ACCOUNT),
    "staff.show": Door(ADMIN),
    "staff.change": Door(ADMIN, form=NEW_ACCOUNT),
    "staff.reset_password": Door(ADMIN),
    "staff.end_sign_ins": Door(ADMIN),
    "audit.index": Door(OVERSEERS),
    # the house itself
    "house.home": Door(EVERYBODY),
    "house.show": Door(EVERYBODY),
    "house.fragment": Door(EVERYBODY),
    "house.cancel": Door(EVERYBODY),
    "house.state": Door(EVERYBODY),
    "house.health": Door(OPEN),
    # planning
    "planning.index": Door(STAFF),
    "planning.new": Door(STAFF),
    "planning.add": Door(STAFF, form={"areas": "1", "teams": "2"}),
    "planning.show": Door(STAFF),
    "planning.drawing": Door(STAFF),
    "planning.assign": Door(STAFF),
    "planning.change": Door(STAFF),
    # areas and map files
    "areas.tree": Door(STAFF),
    "areas.page": Door(STAFF),
    "areas.boundary": Door(STAFF),
    "areas.add_village": Door(STAFF, form={"name": "Thế Lộc"}),
    "areas.rename": Door(OVERSEERS, form={"name": "Tân Ninh mới"}),
    "areas.close": Door(OVERSEERS, form={"valid_to": "2027-01-01"}),
    "streets.choose": Door(ADMIN),
    "streets.upload": Door(ADMIN),
    "streets.look": Door(ADMIN, is_about_a_record=False),
    "streets.import_areas": Door(ADMIN, is_about_a_record=False),
    "streets.import_streets": Door(ADMIN, is_about_a_record=False),
    "streets.remove": Door(ADMIN, is_about_a_record=False),
    "streets.result": Door(ADMIN),
    # maps
    "maps.page": Door(STAFF),
    "maps.side": Door(STAFF),
    "maps.matches": Door(STAFF, query={"q": "dao"}),
    "maps.door": Door(STAFF),
    "maps.basemap": Door(STAFF, is_about_a_record=False),
    "tiles.tile": Door(EVERYBODY, is_about_a_record=False),
}


def at_home(village: Village, asking: Member) -> Member:
    """Who asks, or for somebody from elsewhere: the leader, whose things are not his."""
    return asking if asking.scope.area_ids & {village.commune_id, village.province_id} else village.leader


# Parameters that name a record: the one of Tân Ninh that stands for it. `asking` is who sends the request.
RECORDS: dict[str, Callable[[Session, Village, Member], object]] = {
    "account_id": lambda _s, village, _a: village.canvasser.id,
    "area_id": lambda _s, village, _a: village.commune_id,
    "household_id": lambda _s, village, _a: village.household.id,
    "person_id": lambda session, village, _a: people_of(session, village.household)[0].id,
    "plan_id": lambda _s, village, _a: village.plan.id,
    "route_id": lambda _s, village, _a: village.route.id,
    "number": lambda _s, village, _a: village.household.number,
    "job_id": lambda session, village, asking: (
        a_job(session, at_home(village, asking), "import areas", facts={"order": {}}).id
    ),
}

# Parameters that are nobody's record.
OTHER_PARAMETERS: dict[str, object] = {
    "filename": "icon.svg",
    "code": "vi",
    "what": "publish",  # what is to be done with a plan
    "file_id": "018f0000-0000-4000-8000-00000000dead",  # a map file somebody uploaded
    "name": "households",  # a layer of tiles, or an operator's basemap
    "z": 15,
    "x": 26088,  # the tile of Hữu Tân's houses
    "y": 14788,
}
