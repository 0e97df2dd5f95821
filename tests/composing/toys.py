"""A model that composes, small enough to make on the spot."""

from pathlib import Path

import torch

from musegan.composing.model import Model
from musegan.models.spec import build_generator
from tests.models.toys import toy_spec


def toy_model(**changes: object) -> Model:
    """An untrained model of two bars for drums and bass that plays a lot."""
    spec = toy_spec(**changes)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        made = build_generator(spec)
    assert made.head.bias is not None
    made.head.bias.data += 2  # a fresh network begins in near silence
    return Model(made.eval().requires_grad_(False), spec, torch.device("cpu"), Path())
