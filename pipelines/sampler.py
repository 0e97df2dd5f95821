"""An instrument for a sampler: recordings of some of its notes, and an SFZ file that maps them.

instrument ─play─> notes ─loop─> WAV with loop points    and ─map─> .sfz (https://sfzformat.com)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from musegan.audio.partials.layout import hertz_of
from musegan.composing.timbres import Instrument
from musegan.errors import MuseganError
from musegan.files import put, write_whole
from musegan.rendering.audio_file import write_audio
from musegan.rendering.voices import LAYERS, RELEASE

PEAK = 10 ** (-3 / 20)  # -3 dBFS: room for chords
HELD = 3.0  # seconds of a sample
CROSS = 0.25  # seconds over which the end of a loop becomes its beginning

Mono = NDArray[np.float32]


@dataclass(frozen=True)
class Region:
    """A sample and the keys and velocities it is played for.

    Attributes:
        file: the sample's name.
        pitch: the pitch it was made at.
        keys: lowest and highest key.
        velocities: lowest and highest velocity.
        loop: first and last sample of the loop.
    """

    file: str
    pitch: int
    keys: tuple[int, int]
    velocities: tuple[int, int]
    loop: tuple[int, int]


def export_sfz(
    instrument: Instrument, name: str, out: Path, every: int, overwrite: bool = False
) -> Iterator[Path]:
    """Write `out/name.sfz` and its samples, and give each file when it is there.

    Args:
        instrument: what is to be played.
        name: of the instrument, and of its files.
        out: the folder.
        every: semitones from a sampled pitch to the next.
        overwrite: replace files that are there and would change.

    Raises:
        MuseganError: a file cannot be written or is another already, the name is a path, or the
            instrument is a drum.
    """
    if set(name) & set("/\\"):
        raise MuseganError(
            f"{name}: a name of files, which cannot lie elsewhere; leave out / and \\"
        )
    if every < 1:
        raise MuseganError(f"a sample every {every} semitones: give 1 or more")
    if not instrument.timbres.spec.pitched:
        raise MuseganError(f"{name}: hits have no pitch to spread over keys; name a model of notes")
    samples = out / f"{name}-samples"
    samples.mkdir(parents=True, exist_ok=True)
    low, high = instrument.range
    pitches = list(range(low, high + 1, every))
    regions = []
    for pitch, keys in zip(pitches, spread(pitches, low, high), strict=True):
        for layer, brightness in enumerate(LAYERS):
            wave, loop = looped(instrument.play(pitch, HELD, brightness), instrument.rate, pitch)
            file = f"{pitch:03d}-{layer}.wav"
            wave *= PEAK / max(float(np.abs(wave).max()), 1e-6)
            write = partial(write_audio, wave[:, None], instrument.rate)
            put(samples / file, write, overwrite)
            velocities = (-(-128 * layer // len(LAYERS)), -(-128 * (layer + 1) // len(LAYERS)) - 1)
            place = f"{samples.name}/{file}"
            regions.append(Region(place, pitch, keys, (max(1, velocities[0]), velocities[1]), loop))
            yield samples / file
    path = out / f"{name}.sfz"
    put(path, partial(write_whole, data=sfz_text(name, regions).encode()), overwrite)
    yield path


def spread(pitches: list[int], low: int, high: int) -> list[tuple[int, int]]:
    """The keys of each pitch, from `low` to `high` without gaps: those it is nearest to."""
    ends = [(one + other) // 2 for one, other in pairwise(pitches)]
    return list(zip([low, *(end + 1 for end in ends)], [*ends, high], strict=True))


def looped(wave: Mono, rate: int, pitch: int) -> tuple[Mono, tuple[int, int]]:
    """A note whose second half can be played over and over, and the loop's first and last sample.

    The loop is whole periods long, and its end turns into what comes before its beginning, so that
    neither phases nor levels jump.
    """
    period = rate / hertz_of(pitch)
    cross = round(CROSS * rate)
    start = len(wave) // 2
    length = round(int((len(wave) - start) / period) * period)
    end = start + length
    turning = np.linspace(0, 1, cross, dtype=np.float32)
    wave = wave[:end].copy()
    wave[-cross:] = wave[-cross:] * (1 - turning) + wave[start - cross : start] * turning
    return wave, (start, end - 1)


def sfz_text(name: str, regions: list[Region]) -> str:
    """The SFZ file of some regions."""
    head = (
        f"// {name}\n<global>\nloop_mode=loop_continuous\nampeg_attack=0.005\n"
        f"ampeg_release={RELEASE}\namp_veltrack=100\n"
    )
    lines = [
        f"<region> sample={region.file} pitch_keycenter={region.pitch} "
        f"lokey={region.keys[0]} hikey={region.keys[1]} "
        f"lovel={region.velocities[0]} hivel={region.velocities[1]} "
        f"loop_start={region.loop[0]} loop_end={region.loop[1]}\n"
        for region in regions
    ]
    return head + "".join(lines)
