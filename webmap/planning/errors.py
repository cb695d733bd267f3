"""What can go wrong with plans."""

from webmap.errors import N_, ConflictError, InvalidError, NotFoundError


class PlanNotFoundError(NotFoundError):
    """No such plan, or not in the areas of whoever asks."""

    code = "plan_not_found"
    text = N_("This plan does not exist, or it is not in your areas.")


class RouteNotFoundError(NotFoundError):
    """No such route, or it is not for whoever asks."""

    code = "route_not_found"
    text = N_("This route does not exist, or it is not yours.")


class NoDoorsError(InvalidError):
    """The filters leave nobody to visit."""

    code = "no_doors"
    text = N_("No household of these villages fits. Choose more villages, or other statuses.")


class TooManyDoorsError(InvalidError):
    """A plan is for a few days of a few teams."""

    code = "too_many_doors"
    text = N_("These are %(doors)s households; a plan holds at most %(most)s. Choose fewer villages.")


class AreasApartError(InvalidError):
    """Villages without a common area of the one who plans."""

    code = "areas_apart"
    text = N_("These villages have no area in common that is yours. Plan them separately.")


class PlanStateError(ConflictError):
    """The plan is no longer, or not yet, what this needs."""

    code = "plan_state"
    text = N_("This cannot be done with a plan that is %(state)s.")


class NobodyAssignedError(InvalidError):
    """A route would be published that nobody walks."""

    code = "nobody_assigned"
    text = N_("Route %(routes)s has nobody to walk it yet.")


class TeamNotFoundError(NotFoundError):
    """No such team, or not of this area."""

    code = "team_not_found"
    text = N_("This team does not exist, or it is not of this area.")


class TeamTakenError(ConflictError):
    """Another team of the area has the name."""

    code = "team_taken"
    text = N_("There is already a team named %(name)s in this area.")


class WalkerOutsideError(InvalidError):
    """Somebody would get households outside her areas."""

    code = "walker_outside"
    text = N_("%(name)s has no right to all villages of this route.")
