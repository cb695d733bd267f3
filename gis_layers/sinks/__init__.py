"""Features in WGS 84, written as files that other programs open."""
