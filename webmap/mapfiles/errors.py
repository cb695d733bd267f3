"""What can go wrong with map files."""

from webmap.errors import N_, InvalidError, NotFoundError


class MapFileGoneError(NotFoundError):
    """An upload that was never made, or was taken away after its import."""

    code = "map_file_gone"
    text = N_("This file is no longer here. Please upload it again.")


class NoFileError(InvalidError):
    """The form came without a file."""

    code = "no_file"
    text = N_("Please choose a file.")


class NothingToImportError(InvalidError):
    """A map file without anything for the basemap, or nothing of it in the chosen areas."""

    code = "nothing_to_import"
    text = N_("The file holds nothing that lies in the chosen areas.")
