"""Borders: small cells of land, given to villages, melt into outlines that meet without a gap or an overlap."""

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from shapely import MultiPolygon, Point, Polygon

from webmap.demo.frame import Floats
from webmap.demo.plans import Outline

Labels = NDArray[np.int64]


def cell_centres(low: Floats, high: Floats, spacing: float, seed: int) -> Floats:
    """Scatter one cell centre per square between two corners, each pushed off the middle, so that borders bend."""
    dice = np.random.default_rng([seed, 1])
    x, y = np.meshgrid(np.arange(low[0], high[0], spacing), np.arange(low[1], high[1], spacing))
    grid = np.column_stack([x.ravel(), y.ravel()]) + spacing / 2
    return np.asarray(grid + dice.uniform(-0.42, 0.42, grid.shape) * spacing)


def nearest_centre(points: Floats, centres: Floats) -> Labels:
    """Say for each of (n, 2) points which of (m, 2) centres is nearest."""
    return np.asarray(cKDTree(centres).query(points)[1], dtype=np.int64)


def cells_around(centres: Floats) -> NDArray[np.object_]:
    """Give each centre the land that is nearer to it than to any other (Voronoi), in the same order."""
    cells = shapely.voronoi_polygons(shapely.multipoints(centres), ordered=True)
    return np.asarray(shapely.get_parts(cells), dtype=np.object_)


def melt(cells: NDArray[np.object_], labels: Labels) -> dict[int, Outline]:
    """Join the cells of each label into one outline; cells labelled below zero belong to nobody."""
    order = np.argsort(labels, kind="stable")
    names, starts = np.unique(labels[order], return_index=True)
    groups = np.split(cells[order], starts[1:])
    return {
        int(name): _polygonal(shapely.coverage_union_all(group))
        for name, group in zip(names, groups, strict=True)
        if name >= 0
    }


def _polygonal(shape: shapely.Geometry) -> Outline:
    """Hold on to what has an area; a coverage of cells can give nothing else."""
    if isinstance(shape, Polygon | MultiPolygon):
        return shape
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon)]
    return MultiPolygon(parts)


def gather_strays(labels: Labels, cells: NDArray[np.object_], centres: Floats) -> Labels:
    """Give cells cut off from their village to the village that surrounds them, so that each is in one piece."""
    labels = labels.copy()
    tree = shapely.STRtree(cells)
    for label, outline in melt(cells, labels).items():
        if isinstance(outline, Polygon):
            continue
        apart = shapely.distance(shapely.get_parts(outline), Point(*centres[label]))
        home = outline.geoms[int(np.argmin(apart))]
        lost = np.flatnonzero(labels == label)
        lost = lost[~np.asarray(shapely.covers(home, shapely.centroid(cells[lost])))]
        for cell in lost:
            around = [n for n in tree.query(cells[cell], predicate="touches") if labels[n] not in (label, -1)]
            shared = [shapely.length(shapely.intersection(cells[cell], cells[n])) for n in around]
            if around:
                labels[cell] = labels[around[int(np.argmax(shared))]]
    return labels
