"""What can go wrong with map files."""

from webmap.errors import N_, ConflictError, InvalidError, NotAllowedError, NotFoundError


class MapFileGoneError(NotFoundError):
    """An upload that was never made, is another's, or was taken away after its import."""

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


class NothingChosenError(InvalidError):
    """Nothing of the file is to become anything."""

    code = "nothing_chosen"
    text = N_("Choose what at least one layer of the file becomes.")


class OnlyAdministratorError(NotAllowedError):
    """Areas at the top of the tree belong to nobody yet."""

    code = "only_administrator"
    text = N_("Only an administrator adds areas to the top of the tree.")


class NotPreviewedError(ConflictError):
    """A file is applied as it was shown, never unseen."""

    code = "not_previewed"
    text = N_("Look at what this file would change first.")
