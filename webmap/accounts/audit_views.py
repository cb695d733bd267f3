"""The audit: who did what in one's areas."""

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webmap.accounts import queries
from webmap.accounts.current import current_scope
from webmap.accounts.gate import allow
from webmap.accounts.inputs import day_or_none, page_number
from webmap.accounts.rules import Role
from webmap.database.engine import reading
from webmap.words import word

blueprint = Blueprint("audit", __name__)


@blueprint.get("/audit")
@allow(Role.ADMIN, Role.SUPERVISOR)
def index() -> ResponseReturnValue:
    """Show deeds, newest first. What cannot be understood in the address is left out, as if it were not there."""
    scope = current_scope()
    try:
        account_id = UUID(request.args.get("account", ""))
    except ValueError:
        account_id = None
    wanted = queries.Wanted(
        action=request.args.get("action", "")[:80].replace("\x00", ""),
        account_id=account_id,
        from_on=day_or_none(request.args.get("from", "")),
        to_on=day_or_none(request.args.get("to", "")),
    )
    with reading(scope) as session:
        deeds, page = queries.deeds(session, scope, wanted, page_number(request.args.get("page", "")))
        return render_template(
            "accounts/audit.html",
            deeds=[(deed, gettext(deed.event.action).capitalize()) for deed in deeds],
            area_names=queries.area_names(session, scope, [deed.event.facts.get("areas") for deed in deeds]),
            page=page,
            wanted=wanted,
            actions=[(action, gettext(action).capitalize()) for action in queries.actions(session, scope)],
            doers=queries.doers(session, scope),
        )


@blueprint.app_template_filter("short")
def short(subject_id: str) -> str:
    """The end of an id, enough to tell two apart; ids of one hour begin alike."""
    return subject_id if len(subject_id) <= 12 else f"…{subject_id[-8:]}"


@blueprint.app_template_filter("told")
def told(value: object, name: str = "", area_names: dict[int, str] | None = None) -> str:
    """A fact of a deed as text, in words where there are some."""
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    if isinstance(value, list):
        return ", ".join(told(one, name, area_names) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {told(one)}" for key, one in value.items())
    if name == "areas" and isinstance(value, int):
        return (area_names or {}).get(value, str(value))
    if name == "role":
        return word("role", str(value))
    return "–" if value is None else str(value)
