"""The map page, its style and its tiles."""
