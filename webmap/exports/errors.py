"""What can go wrong on the way out."""

from webmap.errors import N_, InvalidError, NotFoundError


class ExportGoneError(NotFoundError):
    """A file that was never made, is somebody else's, or was taken away after its time."""

    code = "export_gone"
    text = N_("This file is no longer here. Please make it again.")


class TooManyFeaturesError(InvalidError):
    """GeoJSON and KML are held in memory while they are written."""

    code = "too_many_features"
    text = N_("%(count)s features are too many for this kind of file. Please choose GeoPackage or CSV.")


class RefusedReturnError(InvalidError):
    """Some features of a file that came back cannot be used; nothing was changed."""

    code = "refused_return"
    text = N_("Nothing was changed: %(count)s features of the file cannot be brought back.")


# Why a feature of an export that was edited elsewhere cannot be brought back.
REFUSED = {
    "bad_id": N_("Feature %(number)s: its uuid is not one of ours. Leave the column empty for new features."),
    "unknown_id": N_("Feature %(number)s, %(name)s, is not here any more, or not in your areas."),
    "twice": N_("Feature %(number)s, %(name)s, is in the file twice. Clear the uuid of the copy."),
    "new_here": N_("Feature %(number)s, %(name)s, is new. New areas and households come in by their own pages."),
    "unknown_kind": N_("Feature %(number)s, %(name)s: its kind or access is not one of ours."),
    "no_name": N_("Feature %(number)s has no name."),
    "no_number": N_("Feature %(number)s has no house number."),
    "not_a_number": N_("Feature %(number)s, %(name)s: the population must be a whole number."),
    "not_levels": N_("Feature %(number)s, %(name)s: the number of floors must be a whole number."),
    "not_a_day": N_("Feature %(number)s, %(name)s: a day is written like 2025-07-01."),
    "no_geometry": N_("Feature %(number)s, %(name)s, has no shape."),
    "crosses_itself": N_("Feature %(number)s, %(name)s: its outline crosses itself."),
    "not_a_point": N_("Feature %(number)s, %(name)s, must be one point."),
    "not_a_linestring": N_("Feature %(number)s, %(name)s, must be one line."),
    "not_a_polygon": N_("Feature %(number)s, %(name)s, must be one surface."),
    "unreadable_geometry": N_("Feature %(number)s, %(name)s: its shape is broken."),
    "too_many_vertices": N_("Feature %(number)s, %(name)s: its shape has too many corners."),
    "not_on_earth": N_("Feature %(number)s, %(name)s, lies nowhere on earth. Is the coordinate system right?"),
    "empty": N_("Feature %(number)s, %(name)s, has no shape."),
    "not_a_surface": N_("Feature %(number)s, %(name)s, must be one surface."),
    "no_surface": N_("Feature %(number)s, %(name)s: nothing is left of its shape after repair."),
}
