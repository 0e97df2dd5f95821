"""A model that composes, small enough to make on the spot."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import strategies as st

from musegan.composing.inversion import invert
from musegan.composing.model import Model
from musegan.composing.study import Study, study
from musegan.instruments import Ensemble, parse_ensemble
from musegan.models.spec import build_generator
from musegan.song import Meter, Multitrack, Notes, Tempo, Track
from tests.models.toys import DUO, toy_spec

RULES = [
    {"track": "drums", "drums": True},
    {"track": "bass", "name": "bass"},
    {"skip": "no place in a duo"},
]
BAND: Ensemble = parse_ensemble({"name": "duo", "tracks": DUO.describe(), "rules": RULES}, "duo")
TICKS = 96
BAR = 4 * TICKS
LONGEST = 10 * BAR

rows = st.tuples(
    st.integers(0, LONGEST), st.integers(1, 2 * BAR), st.integers(36, 80), st.integers(1, 127)
)
tempos = st.lists(st.tuples(st.integers(0, LONGEST), st.floats(30, 240)), max_size=4)

meters = st.sampled_from([(4, 4), (3, 4), (2, 4), (6, 8), (9, 8), (12, 8)])


def track(name: str, notes: Sequence[tuple[int, int, int, int]], program: int = 3) -> Track:
    return Track(Notes.of(notes).sorted(), program, name == "drums", name)


def bar_of(song: Multitrack) -> int:
    """Ticks of a bar of its one meter."""
    ((_, beats, kind),) = song.meters or (Meter(0, 4, 4),)
    return BAR * beats // kind


@st.composite
def songs(draw: st.DrawFn) -> Multitrack:
    """Songs of the duo with a kazoo, in some meter, played off the grid at changing tempos."""
    names = ["bass", "drums", "kazoo", "Bass 2"]
    playing = draw(st.lists(st.sampled_from(names), min_size=1, unique=True))
    if "bass" not in playing and "drums" not in playing:
        playing.append("bass")
    tracks = tuple(track(name, draw(st.lists(rows, min_size=1, max_size=25))) for name in playing)
    timing = (tuple(Tempo(*t) for t in sorted(draw(tempos))), (Meter(0, *draw(meters)),))
    return Multitrack(tracks, TICKS, *timing, name="song")


def toy_model(**changes: object) -> Model:
    """An untrained model of two bars for drums and bass that plays a lot."""
    spec = toy_spec(**changes)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(2)
        made = build_generator(spec)
    made.head.bias.data += 1.6  # a fresh network begins in near silence
    return Model(made.eval().requires_grad_(False), spec, torch.device("cpu"), Path())


def quiet_model(**changes: object) -> Model:
    """The toy model, playing some forty notes a phrase."""
    model = toy_model(**changes)
    model.generator.head.bias.data -= 1.2
    return model


def learn(model: Model, song: Multitrack, **wish: Any) -> Study:
    """What the model knows of a song after a short look."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("musegan.composing.study.invert", partial(invert, steps=3))
        return study(model, song, **{"ensemble": BAND} | wish)


def onsets(song: Multitrack) -> set[tuple[str, int, int]]:
    """What is struck when: (track, tick, pitch)."""
    rows = ((t.name, row) for t in song.tracks for row in t.notes.rows())
    return {(name, start, pitch) for name, (start, _, pitch, _) in rows}


def apart(one: Multitrack, other: Multitrack) -> float:
    """How far two songs are from each other: 1 less the share of onsets in common."""
    mine, theirs = onsets(one), onsets(other)
    return 1 - len(mine & theirs) / max(len(mine | theirs), 1)
