"""Alleys, water, buildings and house numbers of the map, from files or drawn by hand."""
