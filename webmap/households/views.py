"""Households over HTTP. The blueprint is filled by its modules: lists, doors, buildings, imports."""

from webmap.households import address_pages, building_pages, door_pages, import_pages, list_pages
from webmap.households.pages import blueprint

__all__ = ["address_pages", "blueprint", "building_pages", "door_pages", "import_pages", "list_pages"]
