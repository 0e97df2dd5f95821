"""SoundFonts: finding the one to play with, seeing that it is one, making it quieter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from musegan.errors import MuseganError

_SAMPLE_HEADER = np.dtype([("name", "S20"), ("start", "<u4"), ("end", "<u4"), ("rest", "V18")])


@dataclass(frozen=True)
class SoundFont:
    """A SoundFont file in memory.

    Attributes:
        path: where it lies.
        data: its bytes.
        compressed: whether its samples are Ogg Vorbis (SF3), not plain (SF2).
        samples: where the plain samples begin and end in `data`.
    """

    path: Path
    data: bytes
    compressed: bool
    samples: slice

    def quieter(self, gain: float) -> bytes:
        """The file with its plain samples scaled by `gain`, 0..1."""
        samples = np.frombuffer(self.data[self.samples], "<i2")
        scaled = np.rint(samples * np.float32(gain)).astype("<i2").tobytes()
        return self.data[: self.samples.start] + scaled + self.data[self.samples.stop :]


def default_soundfont() -> Path:
    """TimGM6mb, which comes with pretty_midi: all General MIDI programs and drums in 6 MB.

    Raises:
        MuseganError: it is not where pretty_midi should have put it.
    """
    package = find_spec("pretty_midi")
    path = Path(package.origin or "").with_name("TimGM6mb.sf2") if package else None
    if path is None or not path.is_file():
        raise MuseganError(
            "the SoundFont that comes with pretty_midi is missing; "
            "name one with --soundfont or install pretty_midi again"
        )
    return path


@lru_cache(maxsize=2)
def load_soundfont(path: Path) -> SoundFont:
    """The SoundFont in a file (SoundFont 2.04 technical specification, section 4).

    Raises:
        MuseganError: there is no such file, or it is no whole SoundFont.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise MuseganError(f"{path}: no such SoundFont; check the name") from None
    except OSError as problem:
        raise MuseganError(f"{path}: cannot be read ({problem.strerror})") from None
    if data[:4] != b"RIFF" or data[8:12] != b"sfbk":
        raise MuseganError(f"{path}: not a SoundFont; give a .sf2 file")
    chunks = dict(_chunks(data, 12, len(data)))
    if not {b"ifil", b"smpl", b"phdr", b"shdr"} <= chunks.keys():
        raise MuseganError(f"{path}: a SoundFont that is cut off or damaged; fetch it again")
    compressed = int.from_bytes(data[chunks[b"ifil"]][:2], "little") >= 3
    samples = chunks[b"smpl"]
    if not compressed and not _lie_within(
        data[chunks[b"shdr"]], (samples.stop - samples.start) // 2
    ):
        raise MuseganError(f"{path}: a SoundFont whose samples are damaged; fetch it again")
    return SoundFont(path, data, compressed, samples)


def _lie_within(headers: bytes, length: int) -> bool:
    """Whether all samples lie in the `length` there are: synthesisers trust that, and crash."""
    if len(headers) % _SAMPLE_HEADER.itemsize:
        return False
    used = np.frombuffer(headers, _SAMPLE_HEADER)[:-1]
    return bool((used["start"] <= used["end"]).all() and (used["end"] <= length).all())


def _chunks(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, slice]]:
    """Name and place of each whole chunk, those inside lists too."""
    while at + 8 <= end:
        name, start = data[at : at + 4], at + 8
        stop = start + int.from_bytes(data[at + 4 : start], "little")
        if stop > end:
            return
        if name == b"LIST":
            yield from _chunks(data, start + 4, stop)
        else:
            yield name, slice(start, stop)
        at = stop
        if (stop - start) % 2 and data[stop : stop + 1] == b"\0":  # MuseScore's SF3 lack padding
            at += 1
