"""Vector tiles: addresses, and tiles of one layer from PostGIS."""
