"""What several tests share: a model small enough to make on the spot, and songs to learn from."""

import signal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from musegan.instruments import load_ensemble
from musegan.midi import write_midi
from musegan.song import Meter, Multitrack, Notes, Tempo, Track

# how long an example takes says more of what else the machine is doing than of the code
settings.register_profile("musegan", deadline=None)
settings.load_profile("musegan")

# a shell that starts tests in the background has them ignore Ctrl-C, which some of them are about
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

TICKS = 480


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an untrained model for the band, with the styles rock and pop."""
    import torch

    from musegan.models.spec import GeneratorSpec, ModelSpec, build_generator
    from musegan.models.store import save_model

    band = load_ensemble()
    spec = ModelSpec(
        name="tiny",
        beats_per_bar=4,
        steps_per_beat=12,
        beat_unit=4,
        bars=2,
        ensemble_name=band.name,
        tracks=band.describe(),
        styles=("rock", "pop"),
        tempos={"rock": 140.0, "pop": 100.0},
        typical={
            "rock": {"density/bass": (8.0, 4.0), "polyphony/piano": (3.0, 1.0)},
            "pop": {"density/bass": (6.0, 4.0), "polyphony/piano": (2.0, 1.0)},
        },
        generator=GeneratorSpec(
            width=8, track_width=4, blocks=1, track_blocks=1, context=8, shared=8, shared_bar=4
        ),
    )
    folder = tmp_path_factory.mktemp("tiny")
    with torch.random.fork_rng():
        torch.manual_seed(0)
        save_model(folder, build_generator(spec), spec)
    return folder


@pytest.fixture(scope="session")
def midi_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight songs of sixteen bars in two folders, rock and pop, and a file that is no MIDI."""
    folder = tmp_path_factory.mktemp("midi")
    for number in range(8):
        style = ("rock", "pop")[number % 2]
        (folder / style).mkdir(exist_ok=True)
        write_midi(little_song(number), folder / style / f"song-{number}.mid")
    (folder / "pop" / "notes.mid").write_text("buy milk")
    return folder


def little_song(number: int, bars: int = 16) -> Multitrack:
    """Drums, bass, piano and lead over chords drawn by chance; each number is another song."""
    chance = np.random.default_rng(number)
    drums, bass, piano, lead = [], [], [], []
    for bar in range(bars):
        root = 48 + int(chance.choice([0, 2, 4, 5, 7, 9]))
        begin = bar * 4 * TICKS
        piano += [(begin, 4 * TICKS - 10, root + tone, 70 + bar) for tone in (0, 4, 7)]
        for beat in range(4):
            time = begin + beat * TICKS
            drums += [(time, 60, 36 if beat % 2 == 0 else 38, 100), (time, 60, 42, 60 + 5 * beat)]
            bass += [(time, TICKS - 20, root - 12 + int(chance.choice([0, 7])), 90 - 3 * beat)]
            step = TICKS // int(chance.choice([2, 3, 4]))
            lead += [(time + step, step, root + 12 + int(chance.integers(12)), 80 + 4 * beat)]
    parts = [(drums, 0, "drums"), (bass, 33, "bass"), (piano, 0, "piano"), (lead, 80, "lead")]
    tracks = tuple(
        Track(Notes.of(rows).sorted(), program, name == "drums", name)
        for rows, program, name in parts
    )
    return Multitrack(tracks, TICKS, (Tempo(0, 100.0 + number),), (Meter(0, 4, 4),))
