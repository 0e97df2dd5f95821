"""Small ensembles, phrases and networks for all tests of models and their training."""

import numpy as np
import torch

from musegan.instruments import Ensemble, EnsembleTrack
from musegan.models.generator import Generator
from musegan.models.latents import Latents, LatentSizes, sample_latents
from musegan.models.patches import PatchLayout
from musegan.models.planned import PlannedGenerator
from musegan.models.spec import CoderSpec, GeneratorSpec, ModelSpec, build_planned
from musegan.pianoroll import Grid, Phrases

DUO = Ensemble(
    "duo", (EnsembleTrack("drums", 0, True, 35, 81), EnsembleTrack("bass", 33, False, 24, 67))
)
GRID = Grid(4, 6)
LAYOUT = PatchLayout(GRID, bars=2, tracks=2)
STYLES = ("calm", "wild")

COMPOSER = LatentSizes(shared=5, shared_bar=3, track=0, track_bar=0)
JAMMING = LatentSizes(shared=0, shared_bar=0, track=4, track_bar=2)
HYBRID = LatentSizes(shared=5, shared_bar=3, track=4, track_bar=2)


def toy_generator(
    sizes: LatentSizes = HYBRID, layout: PatchLayout = LAYOUT, seed: int = 0
) -> Generator:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Generator(layout, sizes, len(STYLES), 8, 4, blocks=1, track_blocks=1, context=8)


def toy_latents(batch: int, sizes: LatentSizes = HYBRID, seed: int = 0) -> Latents:
    random = torch.Generator().manual_seed(seed)
    return sample_latents(batch, sizes, LAYOUT.tracks, LAYOUT.bars, random)


def styles_of(*labels: int) -> torch.Tensor:
    """One-hot style rows."""
    return torch.eye(len(STYLES) + 1)[list(labels)]


def toy_spec(**changes: object) -> ModelSpec:
    settings = {
        "name": "toy",
        "beats_per_bar": GRID.beats_per_bar,
        "steps_per_beat": GRID.steps_per_beat,
        "beat_unit": GRID.beat_unit,
        "bars": LAYOUT.bars,
        "ensemble_name": DUO.name,
        "tracks": DUO.describe(),
        "styles": STYLES,
        "tempos": {"calm": 80.0, "wild": 160.0},
        "generator": GeneratorSpec(
            width=8, track_width=4, blocks=1, track_blocks=1, context=8, **HYBRID.__dict__
        ),
    }
    return ModelSpec.model_validate(settings | changes)


def toy_planned(sizes: LatentSizes = HYBRID, ensemble: Ensemble = DUO) -> PlannedGenerator:
    coder = CoderSpec(code=6, hidden=8, width=4)
    small = {"width": 8, "track_width": 4, "blocks": 1, "track_blocks": 1, "context": 8}
    spec = toy_spec(
        generator=GeneratorSpec(**small, coder=coder, **sizes.__dict__),
        ensemble_name=ensemble.name,
        tracks=ensemble.describe(),
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return build_planned(spec)


def some_phrases(count: int, layout: PatchLayout = LAYOUT, seed: int = 3) -> Phrases:
    """Canonical phrases of up to thirty notes on all pitches that the layout knows."""
    draw = np.random.default_rng(seed)
    steps = layout.bars * layout.grid.steps_per_bar
    rows = []
    for _ in range(count):
        size = int(draw.integers(0, 31))
        columns = (
            draw.integers(0, layout.tracks, size),
            draw.integers(0, steps, size),
            draw.integers(1, steps // 2, size),
            draw.integers(layout.low, layout.high + 1, size),
            draw.integers(1, 128, size),
        )
        rows.append(list(zip(*(column.tolist() for column in columns), strict=True)))
    return Phrases.of(rows, layout.grid, layout.bars).canonical()
