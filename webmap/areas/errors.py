"""What can go wrong with places."""

from webmap.errors import N_, ConflictError, InvalidError


class AreaNameTakenError(ConflictError):
    """A village of that name is there already."""

    code = "area_name_taken"
    text = N_("There is already a place named %(name)s in %(parent)s.")


class AreaHasBelowError(ConflictError):
    """Closing it would leave open areas below without a parent."""

    code = "area_has_below"
    text = N_("%(name)s still holds open areas. Close them first.")


class AreaHasHouseholdsError(ConflictError):
    """Closing it would leave households in no open area."""

    code = "area_has_households"
    text = N_("%(name)s still holds households. Move them to another village first.")


class AreaClosedError(ConflictError):
    """It was closed before."""

    code = "area_closed"
    text = N_("%(name)s is closed already.")


class WrongLevelError(InvalidError):
    """There is no level below the place something is to be added to."""

    code = "wrong_level"
    text = N_("Nothing can be added below a village.")


class BadDayError(InvalidError):
    """An area cannot close before it began."""

    code = "bad_day"
    text = N_("%(name)s began on %(since)s; it cannot end on or before that day.")


class UnusableMapError(InvalidError):
    """A map file cannot be read at all. `reason` is the code of gis_layers' UnreadableFileError."""

    code = "unusable_map"
    text = N_("This file cannot be read as a map: %(reason)s")


class RefusedAreasError(InvalidError):
    """Some features cannot become areas; nothing was changed. `problems` name them by number."""

    code = "refused_areas"
    text = N_("Nothing was changed: %(count)s features of the file cannot become areas.")


class RefusedRowsError(InvalidError):
    """Some rows of a national list cannot be used; nothing was changed."""

    code = "refused_rows"
    text = N_("Nothing was changed: %(count)s rows of the list cannot be used.")


class BadMapDayError(InvalidError):
    """An address asks for the map of something that is no day."""

    code = "bad_map_day"
    text = N_("“%(day)s” is no day. Write it as 2025-06-30.")


class WrongMapDayError(InvalidError):
    """A change of the map is dated before the area began, or in the future."""

    code = "wrong_map_day"
    text = N_("%(name)s is known since %(since)s. The change must be dated after that, and not in the future.")


class WrongPartnerError(InvalidError):
    """Villages can be merged with villages, and areas put below areas of the level above."""

    code = "wrong_partner"
    text = N_("%(name)s and %(other)s cannot be put together like this.")


class NobodyMovesError(InvalidError):
    """No household lies on the alleys that shall become a village of their own, or all do."""

    code = "nobody_moves"
    text = N_("Choose alleys so that some households of %(name)s go and some stay.")


class NothingToReformError(ConflictError):
    """No open commune here was replaced by others: none in the crosswalk, or it was done before."""

    code = "nothing_to_reform"
    text = N_("No open commune of this area has been replaced by others. Import the crosswalk first, or it is done.")


class StaleReformError(ConflictError):
    """Villages or households have changed since the preview."""

    code = "stale_reform"
    text = N_("Something has changed here since you looked. Please look again before applying the reform.")


class UnclearReformError(InvalidError):
    """Nothing says where a village of a split commune goes: a person has to."""

    code = "unclear_reform"
    text = N_("Choose the new commune of %(count)s villages first, %(name)s among them.")


# Why a feature of a file cannot become an area: said with its number, and `about` where that helps.
REFUSALS = {
    "no_name": N_("Feature %(number)s has no name."),
    "no_code": N_("Feature %(number)s, %(about)s, has no code."),
    "code_twice": N_("Feature %(number)s: the code %(about)s occurs twice in the file."),
    "no_geometry": N_("Feature %(number)s, %(about)s, has no shape."),
    "empty": N_("Feature %(number)s, %(about)s, has no shape."),
    "unreadable_geometry": N_("Feature %(number)s, %(about)s: its shape is broken; a ring is not closed."),
    "too_many_vertices": N_("Feature %(number)s, %(about)s: its shape has too many corners."),
    "not_on_earth": N_("Feature %(number)s, %(about)s, lies nowhere on earth. Is the coordinate system right?"),
    "not_a_surface": N_("Feature %(number)s, %(about)s, is a line or a point. An area needs a surface."),
    "no_surface": N_("Feature %(number)s, %(about)s: nothing is left of its shape after repair."),
    "crosses_itself": N_("Feature %(number)s, %(about)s: its boundary crosses itself too badly to be repaired."),
    "no_parent": N_("Feature %(number)s belongs to an area that is not known here (%(about)s)."),
    "code_of_another": N_("Feature %(number)s: the code %(about)s belongs to an area of another level."),
    "not_yours": N_("Feature %(number)s, %(about)s, is not in your areas."),
    "name_known": N_(
        "Feature %(number)s: its code is not known, but its name is, as %(about)s. Choose no field for the code to have"
        " them known by name."
    ),
    "name_twice": N_("Feature %(number)s: there are several places named %(about)s here. Give them codes."),
    "area_twice": N_("Feature %(number)s: another feature of the file is %(about)s too."),
}
# Why a row of a national list cannot be used: said with its number; the heading is row 1.
ROW_REFUSALS = {
    "no_name": N_("Row %(number)s has no name."),
    "no_code": N_("Row %(number)s, %(about)s, has no code."),
    "bad_code": N_(
        "Row %(number)s, %(about)s: the code is none (2 digits for a province, 3 for a district, 5 for a commune)."
    ),
    "code_twice": N_("Row %(number)s: the code %(about)s occurs twice."),
    "no_parent": N_("Row %(number)s belongs to an area that the list does not name: %(about)s."),
    "bad_extent": N_("Row %(number)s: “%(about)s” is neither full nor partial."),
    "no_new": N_("Row %(number)s: the new commune %(about)s is not known. Import the list of communes of 2025 first."),
    "not_yours": N_("Row %(number)s, %(about)s, is not in your areas."),
}
# Why a file cannot be read as a map (gis_layers.errors.UnreadableFileError).
UNREADABLE = {
    "missing": N_("it is not there."),
    "empty": N_("it is empty."),
    "too_large": N_("it is too large."),
    "unknown_kind": N_("it is of no kind that can be read here."),
    "no_table": N_("its lines cannot be parted into columns."),
    "ragged_row": N_("one of its rows has more or fewer cells than the headings."),
    "letters": N_("its letters cannot be read; save it as UTF-8."),
    "not_text": N_("it is of no kind that can be read here."),
    "several_files": N_("it is an archive with more than one map in it; give them one by one."),
    "shapefile_incomplete": N_("a shapefile needs its .shp, .shx and .dbf together in one zip."),
    "encrypted": N_("it is locked with a password."),
    "bomb": N_("it unpacks to far more than it should."),
    "unsafe_path": N_("it is an archive that would write outside its folder."),
    "too_many_members": N_("it is an archive of too many files."),
    "entities": N_("it declares entities, which is not safe."),
    "too_deep": N_("it is nested too deep."),
    "geometry_encoding": N_("its shapes are written in a way that is not read here."),
    "query_broke_off": N_("the Overpass server stopped half way; ask it again for a smaller area."),
    "damaged": N_("it is damaged or breaks off in the middle."),
    "no_content": N_("it holds nothing that can be used."),
    "computed_layer": N_("one of its layers is computed by the file itself, which is not safe."),
    "too_many_fields": N_("it has too many fields."),
    "too_heavy": N_("reading it takes more memory than a file may have."),
    "took_too_long": N_("reading it takes longer than a file may take."),
    "crashed": N_("it is damaged in a way that stops the program reading it."),
    "unknown_crs": N_("it does not say in which coordinate system it is. Choose one."),
}


class NoBoundaryError(InvalidError):
    """Streets are cut to areas, so these need boundaries."""

    code = "no_boundary"
    text = N_("%(name)s has no boundary, so nothing can be cut to it.")


class ImportUndoneError(ConflictError):
    """A change of the map can be undone once."""

    code = "import_undone"
    text = N_("“%(title)s” was undone already.")


class LaterImportError(ConflictError):
    """A newer change touched the same rows, so the older cannot go first."""

    code = "later_import"
    text = N_("“%(title)s” changed the same places later. Undo that first.")


class StillUsedError(ConflictError):
    """Something was put on what a change added: households in a new area, a plan, an account."""

    code = "still_used"
    text = N_("“%(title)s” cannot be undone: households, plans or accounts stand on what it added.")


class BoundaryChangedError(ConflictError):
    """Another edit or an import came between seeing and drawing."""

    code = "boundary_changed"
    text = N_("Somebody changed %(name)s meanwhile. Look at it as it is now, and draw again.")


class BoundaryCrossesItselfError(InvalidError):
    """A drawn boundary that crosses itself."""

    code = "boundary_crosses_itself"
    text = N_("The boundary crosses itself. Move a corner and try again.")


class BoundaryTooSmallError(InvalidError):
    """A drawn boundary with nothing in it."""

    code = "boundary_too_small"
    text = N_("This is too small for an area.")


class OutsideParentError(InvalidError):
    """A drawn boundary of which a good part lies outside the area above."""

    code = "outside_parent"
    text = N_("%(percent)s%% of this lies outside %(name)s. Draw it within.")


class OfficialBoundaryError(ConflictError):
    """A leader does not replace what the authorities published."""

    code = "official_boundary"
    text = N_("The boundary of %(name)s is official. Ask your district or province to change it.")
