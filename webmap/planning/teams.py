"""Teams of an area: who walks together, and for which organisation."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webmap import audit
from webmap.accounts.models import Account
from webmap.accounts.scope import CLOSURE, Scope, areas_in, require_area
from webmap.areas.models import Area
from webmap.campaigns.models import Team, TeamMember
from webmap.planning import queries
from webmap.planning.errors import TeamNotFoundError, TeamTakenError, WalkerOutsideError
from webmap.planning.inputs import NewTeam


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A team as lists and choices show it."""

    id: int
    name: str
    organisation: str | None
    area: str
    members: dict[UUID, str] = field(default_factory=dict)


def teams(session: Session, scope: Scope, area_id: int | None = None) -> list[TeamLine]:
    """Teams of the scope; with an area only those of it, above it and below it."""
    wanted = select(Team, Area.name).join(Area, Area.id == Team.area_id).where(Team.area_id.in_(areas_in(scope)))
    if area_id is not None:
        above = select(CLOSURE.c.ancestor_id).where(CLOSURE.c.descendant_id == area_id)
        below = select(CLOSURE.c.descendant_id).where(CLOSURE.c.ancestor_id == area_id)
        wanted = wanted.where(or_(Team.area_id.in_(above), Team.area_id.in_(below)))
    found = {
        team.id: TeamLine(team.id, team.name, team.organisation, area)
        for team, area in session.execute(wanted.order_by(Area.name, Team.name))
    }
    members = (
        select(TeamMember.team_id, Account.id, Account.full_name)
        .join(Account, Account.id == TeamMember.account_id)
        .where(TeamMember.team_id.in_(found))
        .order_by(Account.full_name)
    )
    for team_id, account_id, name in session.execute(members):
        found[team_id].members[account_id] = name
    return list(found.values())


def find_team(session: Session, scope: Scope, area_id: int, team_id: int) -> TeamLine:
    """A team that may walk in an area. Raises TeamNotFoundError."""
    for team in teams(session, scope, area_id):
        if team.id == team_id:
            return team
    raise TeamNotFoundError


def add_team(session: Session, scope: Scope, new: NewTeam) -> int:
    """Add a team to an area. The same one twice is one; another of its name is refused. Returns its id."""
    require_area(session, scope, new.area_id)
    known = {walker.id: walker for walker in queries.walkers(session, scope, new.area_id)}
    if set(new.members) - set(known):
        raise WalkerOutsideError(name="?")
    there = session.scalar(select(Team).where(Team.area_id == new.area_id, Team.name == new.name))
    if there is not None:
        if (there.organisation or "") != new.organisation:
            raise TeamTakenError(name=new.name)
        return there.id
    team = Team(area_id=new.area_id, name=new.name, organisation=new.organisation or None)
    session.add(team)
    session.flush()
    session.add_all(TeamMember(team_id=team.id, account_id=account_id) for account_id in sorted(set(new.members)))
    facts = {"name": new.name, "members": sorted(map(str, new.members))}
    audit.record(session, scope, "added a team", "team", team.id, area_id=new.area_id, **facts)
    return team.id
