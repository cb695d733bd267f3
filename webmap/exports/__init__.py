"""The map out again: areas, alleys, buildings and households as files that QGIS and others open."""
