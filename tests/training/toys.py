"""Small untrained generators, and phrases that are easily counted, for tests of their levels."""

import torch

from musegan.instruments import Ensemble, EnsembleTrack
from musegan.models.generator import Generator
from musegan.models.latents import LatentSizes
from musegan.models.patches import PatchLayout
from musegan.models.planned import PlannedGenerator
from musegan.pianoroll import ONSET, Grid, Phrases
from musegan.training.calibration.audition import Audition
from tests.models.toys import DUO, GRID, toy_planned

SHORT = Grid(4, 3)
DUET = Ensemble("duet", tuple(EnsembleTrack(name, 0, False, 36, 83) for name in ("one", "two")))


def rolls(bias: float | None = None) -> Generator:
    """A generator of rolls on the short grid, with biases that make it play much or nothing."""
    torch.manual_seed(0)
    made = Generator(PatchLayout(SHORT, 2, 2), LatentSizes(4, 4, 4, 4), 1, 8, 4, 1, 1, 8)
    if bias is not None:
        torch.nn.init.constant_(made.head.bias, bias)
    return made


def duettists() -> PlannedGenerator:
    """A planner for the duet that plays much."""
    made = toy_planned(ensemble=DUET).requires_grad_(False)
    torch.nn.init.constant_(made.head.bias, 0.0)
    return made


def rhythm_section(loudness: float) -> PlannedGenerator:
    """A planner for drums and bass whose onsets are that likely, as logits."""
    made = toy_planned().requires_grad_(False)
    made.head.of(ONSET)[1].fill_(loudness)
    return made


def hits_and_held() -> Phrases:
    """Sixteen phrases: 8 short hits on track 0, 3 notes of 4 steps on track 1."""
    hits = [(0, 3 * i, 1, 36 + i % 3, 60 + 10 * (i % 2)) for i in range(8)]
    held = [(1, 6 * i, 4, 60 + i, 100) for i in range(3)]
    return Phrases.of([hits + held] * 16, SHORT, 2)


def bass(*notes: tuple[int, int]) -> list[tuple[int, int, int, int, int]]:
    """Rows of short notes on track 1, each told by step and pitch."""
    return [(1, step, 1, pitch, 90) for step, pitch in notes]


def riffs() -> Phrases:
    """A bass whose two bars have the same rhythm, and a beat."""
    bar, steps = GRID.steps_per_bar, (0, 3, 6, 9)
    notes = bass(*((later * bar + step, 40 + 5 * later) for later in (0, 1) for step in steps))
    return Phrases.of([[*notes, (0, 6, 1, 36, 90)]] * 24, GRID, 2).canonical()


def together(apart: int) -> Phrases:
    """Sixteen phrases of two tracks that hold one note each, `apart` semitones."""
    return Phrases.of([[(0, 0, 24, 60, 90), (1, 0, 24, 60 + apart, 90)]] * 16, SHORT, 2)


def beside(phrases: Phrases, ensemble: Ensemble = DUO, samples: int = 16) -> Audition:
    """Few samples, heard beside phrases."""
    return Audition(phrases, ensemble, 5, samples)
