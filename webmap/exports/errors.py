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
