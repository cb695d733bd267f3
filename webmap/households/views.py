"""Households over HTTP. The blueprint is filled by three modules: lists, doors, imports."""

from webmap.households import door_views, import_views, list_views
from webmap.households.pages import blueprint

__all__ = ["blueprint", "door_views", "import_views", "list_views"]
