"""Overlap of feature distributions.

Yang & Lerch, On the evaluation of generative models in music, Neural Computing and Applications
32, 2020. For each column, all distances within the reference are set against all distances between
the measured and the reference. If the measured phrases are like the reference's, the two kinds of
distances have one distribution: their smoothed densities overlap wholly and diverge by nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from musegan.evaluation.distances import comparable
from musegan.evaluation.metrics import Measured
from musegan.song import FloatArray

MOST_PHRASES = 500  # an eighth of a million distances tell a column's density well
CELLS = 512  # of the density, over the range of distances
TINY = 1e-10  # what an empty cell counts as in the divergence


@dataclass(frozen=True)
class Overlap:
    """How two distributions of distances compare.

    Attributes:
        area: shared area of the densities, 0..1; 1 is alike.
        divergence: Kullback-Leibler divergence of inter- from intra-set distances, nats, >= 0.
    """

    area: float
    divergence: float


def feature_overlap(measured: Measured, reference: Measured) -> dict[str, Overlap]:
    """The overlap of each column that both sets have two values of.

    Of larger sets, `MOST_PHRASES` values at even distances are used.
    """
    found = {}
    for name in comparable(measured, reference):
        made, real = _thin(measured[name]), _thin(reference[name])
        if len(made) >= 2:
            found[name] = distance_overlap(made, real)
    return found


def distance_overlap(made: FloatArray, real: FloatArray) -> Overlap:
    """Overlap of |real - real| (each pair once) and |made - real| distances."""
    intra = np.abs(real[:, None] - real)[np.triu_indices(len(real), 1)]
    inter = np.abs(made[:, None] - real).reshape(-1)
    longest = float(max(intra.max(), inter.max()))
    if longest == 0:
        return Overlap(1.0, 0.0)
    p, q = density(intra, longest), density(inter, longest)
    divergence = np.sum(p * np.log((p + TINY) / (q + TINY)))
    return Overlap(float(np.minimum(p, q).sum()), max(float(divergence), 0.0))


def density(distances: FloatArray, longest: float) -> FloatArray:
    """Gaussian kernel density of distances in 0..longest, as (CELLS,) masses that sum to 1.

    The bandwidth is Scott's, but no less than a cell; what would leak at either end is
    reflected, so no mass is lost.
    """
    width = max(float(distances.std()) * len(distances) ** -0.2 / longest * CELLS, 1.0)
    cell = np.minimum((distances / longest * CELLS).astype(np.int64), CELLS - 1)
    counts = np.bincount(cell, minlength=CELLS)
    reach = np.arange(-CELLS, CELLS + 1)
    kernel = np.exp(-0.5 * (reach / width) ** 2)
    mirrored = np.concatenate([counts[::-1], counts, counts[::-1]]).astype(np.float64)
    smooth = np.convolve(mirrored, kernel, mode="full")[2 * CELLS : 3 * CELLS]
    masses: FloatArray = smooth / smooth.sum()
    return masses


def _thin(values: FloatArray) -> FloatArray:
    known = values[~np.isnan(values)]
    chosen = np.linspace(0, len(known) - 1, min(len(known), MOST_PHRASES)).astype(np.int64)
    return known[chosen]
