"""Shapefiles in a zip: one or several, in folders, with and without .prj and .cpg.

A .dbf says nothing reliable about its letters (its code page byte and a .cpg are often wrong), so GDAL hands
its bytes over one by one, and `letters` finds out what they are.
"""

from collections.abc import Iterator

from gis_layers.sources.recognise import Opened
from gis_layers.sources.through_gdal import Source, gdal_batches, layer_of
from gis_layers.sources.vector_layer import Layer, RawBatch, Reading


def shapefile_layers(file: Opened) -> tuple[Layer, ...]:
    """Describe each shapefile of the zip as a layer, named as its file is."""
    return tuple(layer_of(_source(file, number), str(number), name) for number, name in enumerate(file.names))


def shapefile_batches(file: Opened, layer: Layer, reading: Reading, most: int | None) -> Iterator[RawBatch]:
    """Yield the features of one of them."""
    number = file.names.index(layer.name)
    return gdal_batches(_source(file, number), str(number), layer, reading, most)


def _source(file: Opened, number: int) -> Source:
    return Source(str((file.path / f"{number}.shp").resolve()), carries_bytes=True)
