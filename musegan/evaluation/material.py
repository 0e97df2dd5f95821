"""The phrases that are judged and those they are judged by, with the song of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from musegan.data.cutting import Cut
from musegan.data.meters import bar_ticks
from musegan.data.phrasing import phrase_song, whole_phrase
from musegan.data.store import SPLITS, PhraseSet, load_dataset, read_description
from musegan.errors import MuseganError
from musegan.instruments import Ensemble, load_ensemble
from musegan.midi import MIDI_ENDINGS, read_midi
from musegan.pianoroll import Grid, Phrases, concatenate
from musegan.song import IntArray, Multitrack, Track

TRAIN, HELD_OUT = ("train",), ("valid", "test")


@dataclass(frozen=True)
class Material:
    """Phrases, with the song of each.

    Attributes:
        phrases: the P phrases.
        song: (P,) int64, equal for phrases of one song.
        style: (P,) the style of each, empty where unknown.
        tempo: (P,) quarter notes a minute.
    """

    phrases: Phrases
    song: IntArray
    style: NDArray[np.str_]
    tempo: NDArray[np.float64]

    @classmethod
    def made(cls, phrases: Phrases, tempo: float = 120.0) -> Material:
        """Phrases that are each a song of their own, as a model's are."""
        count = len(phrases)
        return cls(phrases, np.arange(count), np.full(count, ""), np.full(count, tempo))

    def __len__(self) -> int:
        return len(self.phrases)

    def at(self, index: IntArray) -> Material:
        """The phrases at `index`, in that order."""
        phrases = self.phrases.select(index)
        return Material(phrases, self.song[index], self.style[index], self.tempo[index])

    def thinned(self, count: int) -> Material:
        """At most `count` of the phrases, at even distances."""
        if count >= len(self):
            return self
        return self.at(np.linspace(0, len(self) - 1, count).astype(np.int64))


@dataclass(frozen=True)
class Yardstick:
    """A dataset to judge by.

    Attributes:
        name: what the dataset is called.
        ensemble: its tracks.
        grid: its grid.
        bars: bars a phrase.
        splits: the splits that are the reference.
        reference: the phrases of those.
        floor: real phrases of other songs, whose distance from the reference is the least to hope
            for: the training songs, or the held-out ones where the reference is the training songs.
        training: what a model may have copied from.
        held_out: what it cannot have.
    """

    name: str
    ensemble: Ensemble
    grid: Grid
    bars: int
    splits: tuple[str, ...]
    reference: Material
    floor: Material
    training: Material
    held_out: Material

    def fits(self, ensemble: Ensemble, grid: Grid, bars: int, whose: str) -> None:
        """Make sure phrases of another origin can be compared.

        Raises:
            MuseganError: they have other tracks, another grid or another length.
        """
        for what, theirs, ours in (
            ("tracks", ", ".join(ensemble.names), ", ".join(self.ensemble.names)),
            ("grid", _words(grid), _words(self.grid)),
            ("bars a phrase", bars, self.bars),
        ):
            if theirs != ours:
                raise MuseganError(
                    f"{whose}: its {what} ({theirs}) are not those of {self.name} ({ours}); "
                    "prepare a dataset like it to judge it by"
                )


def load_yardstick(path: Path, splits: tuple[str, ...] = HELD_OUT) -> Yardstick:
    """The dataset folder `path` as a yardstick, its `splits` the reference.

    Raises:
        MuseganError: not a dataset, or it lacks training or held-out songs.
    """
    counts = read_description(path)["splits"]
    sets = {split: load_dataset(path, split) for split in SPLITS if counts.get(split)}

    def part(wanted: tuple[str, ...]) -> Material:
        chosen = [sets[split] for split in wanted if split in sets]
        if not chosen:
            raise MuseganError(
                f"{path}: no phrases in {' or '.join(wanted)}, which evaluation needs; "
                "prepare it from more songs"
            )
        return _joined(chosen)

    training, held_out = part(TRAIN), part(HELD_OUT)
    some = next(iter(sets.values()))
    return Yardstick(
        path.resolve().name,
        some.ensemble,
        some.grid,
        some.bars,
        splits,
        part(splits),
        held_out if splits == TRAIN else training,
        training,
        held_out,
    )


def load_phrases(path: Path, yardstick: Yardstick) -> Material:
    """All phrases of another dataset folder.

    Raises:
        MuseganError: not a dataset, or not comparable with the yardstick.
    """
    found = load_dataset(path)
    yardstick.fits(found.ensemble, found.grid, found.bars, str(path))
    return _joined([found])


def midi_files(folder: Path) -> list[Path]:
    """The MIDI files in a folder and all below it, by name; a file is its own only one."""
    if folder.is_file():
        return [folder]
    found = (path for path in folder.rglob("*") if path.suffix.lower() in MIDI_ENDINGS)
    return sorted(path for path in found if path.is_file())


def read_files(
    files: Iterable[Path], yardstick: Yardstick
) -> tuple[Material, list[tuple[Path, str]]]:
    """The phrases in MIDI files, and the files that have none with the reason.

    Tracks called as one of the ensemble's are taken for it, the rest as the ensemble's rules say.
    A file no longer than a phrase is one phrase, rests included; a longer one is cut at every
    phrase's length.

    Raises:
        MuseganError: no file has any.
    """
    ensemble = _Named.like(yardstick.ensemble)
    parts, tempos, left_out = [], [], []
    for file in files:
        try:
            song = read_midi(file)
            phrases = _phrases_of(song, ensemble, yardstick.grid, yardstick.bars)
        except MuseganError as problem:
            left_out.append((file, str(problem).removeprefix(f"{file}: ")))
            continue
        parts.append(phrases)
        tempos.append(song.tempos[0].bpm if song.tempos else 120.0)
    if not parts:
        reasons = "; ".join(f"{file.name}: {reason}" for file, reason in left_out[:3])
        raise MuseganError(f"no phrases in these MIDI files ({reasons or 'there are none'})")
    counts = [len(part) for part in parts]
    phrases = concatenate(parts)
    song_of = np.repeat(np.arange(len(parts)), counts)
    style = np.full(len(phrases), "")
    return Material(phrases, song_of, style, np.repeat(tempos, counts)), left_out


class _Named(Ensemble):
    """An ensemble that knows its own tracks by their exact names first."""

    @classmethod
    def like(cls, ensemble: Ensemble) -> _Named:
        """With the rules of the shipped ensemble of that name, if it has the same tracks."""
        try:
            shipped = load_ensemble(ensemble.name)
        except MuseganError:
            return cls(ensemble.name, ensemble.tracks)
        rules = shipped.rules if shipped.names == ensemble.names else ()
        return cls(ensemble.name, ensemble.tracks, rules)

    def place(self, track: Track) -> int | str:
        for number, member in enumerate(self.tracks):
            if (member.name, member.is_drum) == (track.name, track.is_drum):
                return number
        return super().place(track)


def _phrases_of(song: Multitrack, ensemble: Ensemble, grid: Grid, bars: int) -> Phrases:
    length = bar_ticks(song, grid)
    meters = {(meter.numerator, meter.denominator) for meter in song.meters} or {(4, 4)}
    if song.end > bars * length or meters != {(grid.beats_per_bar, grid.beat_unit)}:
        cut = Cut(bars=bars, hop=bars, min_tracks=1, min_notes=1)
        return phrase_song(song, ensemble, grid, cut).phrases
    return whole_phrase(song, ensemble, grid, bars)


def _joined(sets: list[PhraseSet]) -> Material:
    shifts = np.cumsum([0, *(int(each.song.max()) + 1 for each in sets)])
    return Material(
        concatenate([each.phrases for each in sets]),
        np.concatenate([each.song + shift for each, shift in zip(sets, shifts, strict=False)]),
        np.concatenate([np.array(each.styles)[each.style] for each in sets]),
        np.concatenate([each.tempo for each in sets]).astype(np.float64),
    )


def _words(grid: Grid) -> str:
    return f"{grid.beats_per_bar}/{grid.beat_unit} in {grid.steps_per_beat} steps a beat"
