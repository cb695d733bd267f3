"""The demo's campaign: milestones like those of Tân Ninh in 2024, and teams of four organisations."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from webmap.campaigns.models import Campaign, Milestone, Team, TeamMember
from webmap.demo.places import Tree

NAME = "Đi từng ngõ, gõ từng nhà, rà từng người"
ORGANISATIONS = (
    ("Tổ Phụ nữ", "Hội Liên hiệp Phụ nữ", "canvasser"),
    ("Tổ Nông dân", "Hội Nông dân", "canvasser2"),
    ("Tổ Thanh niên", "Đoàn Thanh niên", "leader"),
    ("Tổ Cựu chiến binh", "Hội Cựu chiến binh", None),
)


def year_of_milestones(today: date) -> int:
    """This year while its first milestone lies ahead, else the next."""
    return today.year if today <= date(today.year, 5, 31) else today.year + 1


def begin_campaign(session: Session, tree: Tree, accounts: dict[str, UUID], source_id: int, today: date) -> None:
    """Add the campaign of the first commune: 97 % by 31 May, 100 % of people living there by 30 June."""
    year, area_id = year_of_milestones(today), tree.communes[0]
    campaign = Campaign(
        area_id=area_id,
        name=f"{NAME} {year}",
        starts_on=min(today, date(year, 1, 1)),
        ends_on=date(year, 6, 30),
        source_id=source_id,
    )
    session.add(campaign)
    session.flush()
    session.add_all(
        Milestone(campaign_id=campaign.id, due_on=due_on, measure=measure, value=Decimal(value))
        for due_on, measure, value in (
            (date(year, 5, 31), "registered_rate", 97),
            (date(year, 6, 30), "living_rate", 100),
        )
    )
    for name, organisation, member in ORGANISATIONS:
        team = Team(area_id=area_id, name=name, organisation=organisation)
        session.add(team)
        session.flush()
        if member is not None:
            session.add(TeamMember(team_id=team.id, account_id=accounts[member]))
    session.flush()
