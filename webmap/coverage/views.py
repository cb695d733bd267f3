"""What pages of other steps show of coverage: figures of areas, as much as the reader may see."""

from collections.abc import Iterable
from datetime import date

from flask import Blueprint

from webmap.accounts.current import current_scope
from webmap.coverage import queries
from webmap.coverage.queries import Figures
from webmap.database.engine import reading

blueprint = Blueprint("coverage", __name__)


@blueprint.app_template_global("area_figures")
def area_figures(area_ids: Iterable[int], on: date | None = None) -> dict[int, Figures]:
    """Figures of these areas by id, for templates of steps that come before this one; by the map of a day, if given."""
    with reading(current_scope()) as session:
        if on is not None:
            return queries.figures_on(session, current_scope(), area_ids, on)
        return queries.area_figures(session, current_scope(), area_ids)
