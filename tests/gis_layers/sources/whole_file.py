"""Read a whole map file of any kind, through the same functions as the product: run in a process apart."""

from pathlib import Path

from gis_layers.sources import osm, vector_files
from gis_layers.sources.recognise import OSM_KINDS, recognise


def read_whole(path: Path) -> int:
    """Return how many features it holds; every layer, every field, every shape is looked at."""
    if recognise(path) in OSM_KINDS:
        return sum(1 for _ in osm.features(osm.summary(path)))
    count = 0
    for layer in vector_files.layers(path):
        reading = vector_files.reading_of(path, layer)
        if reading.crs is not None:
            count += sum(len(batch.wkb()) for batch in vector_files.feature_batches(path, layer, reading))
    return count
