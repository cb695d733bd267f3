"""Households over HTTP. The blueprint is filled by three modules: lists, doors, imports."""

from webmap.households import door_pages, import_pages, list_pages
from webmap.households.pages import blueprint

__all__ = ["blueprint", "door_pages", "import_pages", "list_pages"]
