"""What is judged as sounds: those a model makes, of a dataset, or of a folder of recordings.

target ─find─> sounds ─fit─> as the yardstick's ─evaluate_sounds─> figures
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from musegan.composing.model import is_model
from musegan.composing.timbres import HITS, Timbres, finished, load_timbres, make_instrument
from musegan.data.sounds import UNPITCHED, SoundSet, load_sounds
from musegan.errors import MuseganError
from musegan.evaluation.sounds.yardstick import SoundYardstick
from pipelines.sound_files import FULL_SCALE, SoundSettings, shape_files
from pipelines.sound_sources import find_sounds, find_table, read_labels

LeftOut = list[tuple[str, str]]


def find_judged(
    target: Path | None, yardstick: SoundYardstick, count: int, seed: int, device: str
) -> tuple[SoundSet, LeftOut]:
    """At most `count` sounds to be judged, like the yardstick's; and what was left out, and why.

    Args:
        target: a model, a dataset or a folder of recordings; None is the model that ships, of notes
            or of hits as the yardstick's sounds are.
        yardstick: what they are to be judged by.
        count: how many.
        seed: of a model's players.
        device: where a model runs.

    Raises:
        MuseganError: it is none of these, or nothing of it can be judged.
    """
    if target is None and not yardstick.pitched:
        target = Path(HITS)
    ships = target is None or (str(target) == HITS and not target.exists())
    if target is None or ships or is_model(target):
        return _made(load_timbres(target, device), yardstick, count, seed)
    if not target.exists():
        raise MuseganError(f"{target}: no such folder")
    left_out: LeftOut = []
    if (target / "dataset.json").is_file():
        sounds = load_sounds(target)
    else:
        sounds, left_out = _read(target, yardstick)
    fitted, strange = yardstick.fit(sounds, str(target))
    left_out += [(name, f"is no instrument of {yardstick.name}") for name in strange]
    return fitted.thinned(count), left_out


def perform(
    timbres: Timbres, instruments: Sequence[str], pitches: Sequence[int], seed: int
) -> SoundSet:
    """A note of each instrument at each pitch beside it, as long as those that were learnt from.

    Args:
        timbres: the model.
        instruments: (notes,) their names.
        pitches: (notes,) MIDI pitches.
        seed: the first note's player; each has another.

    Raises:
        MuseganError: an instrument that the model does not know.
    """
    known, rate = timbres.spec.instruments, timbres.spec.layout.rate
    waves = []
    for player, (name, pitch) in enumerate(zip(instruments, pitches, strict=True), seed):
        wave = finished(make_instrument(timbres, name, player).play(pitch), rate)
        waves.append(np.rint(wave * FULL_SCALE).astype(np.int16))
    label = np.array([known.index(name) for name in instruments], np.int64)
    return SoundSet(
        rate, np.stack(waves), known, label, np.array(pitches, np.int64), tuple(instruments)
    )


def _made(
    timbres: Timbres, yardstick: SoundYardstick, count: int, seed: int
) -> tuple[SoundSet, LeftOut]:
    """The reference's notes, as many as are wanted, played by a model."""
    wishes = yardstick.reference.thinned(count)
    names = np.array(wishes.instruments)[wishes.instrument]
    known = np.isin(names, timbres.spec.instruments)
    missing = dict.fromkeys(names[~known].tolist())
    if not known.any():
        raise MuseganError(
            f"{timbres.folder}: knows none of the instruments of {yardstick.name} "
            f"({', '.join(missing)}); prepare a dataset like its own to judge it by"
        )
    chosen = np.flatnonzero(known)
    played = perform(timbres, names[chosen].tolist(), wishes.pitch[chosen].tolist(), seed)
    fitted, _ = yardstick.fit(played, str(timbres.folder))
    return fitted, [(name, f"{timbres.spec.name} does not know it") for name in missing]


def _read(folder: Path, yardstick: SoundYardstick) -> tuple[SoundSet, LeftOut]:
    training = yardstick.training
    seconds = training.samples.shape[1] / training.rate
    table = find_table(folder)
    sources = find_sounds(folder, read_labels(table) if table else None)
    chunk = shape_files(sources, SoundSettings(yardstick.pitched, training.rate, seconds))
    left_out = [
        (source.name, reason)
        for source, reason in zip(sources, chunk.reasons, strict=True)
        if reason
    ]
    used = [sources[index] for index in chunk.file.tolist()]
    if not used:
        raise MuseganError(f"{folder}: no recording can be judged ({left_out[0][1]})")
    instruments = tuple(sorted({source.instrument for source in used}))
    label = np.array([instruments.index(source.instrument) for source in used], np.int64)
    pitch = [UNPITCHED if source.pitch is None else source.pitch for source in used]
    names = tuple(source.name for source in used)
    samples = chunk.waves
    return SoundSet(training.rate, samples, instruments, label, np.array(pitch), names), left_out
