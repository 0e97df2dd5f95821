"""What can be told of a MIDI file, a dataset or a model, as plain data for people and scripts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from musegan.audio.reading import SUFFIXES
from musegan.data.cutting import Cut
from musegan.data.folder import holds_dataset
from musegan.data.meters import keys_at
from musegan.data.phrasing import phrase_song
from musegan.errors import MuseganError
from musegan.instruments import Ensemble
from musegan.midi import read_midi
from musegan.midi.names import pitch_name, program_name
from musegan.pianoroll import Grid
from musegan.rendering.bars import begins_with_pickup, song_bars
from musegan.song import Multitrack, Track, seconds_at
from pipelines.phrase_files import too_poor
from pipelines.sources import find_sources


def kind_of(path: Path) -> str:
    """What lies at `path`: `song`, `songs`, `dataset` or `model`.

    Raises:
        MuseganError: nothing does.
    """
    if path.is_file():
        return path.stem if path.name in ("dataset.json", "model.json") else "song"
    if not path.exists():
        raise MuseganError(f"{path}: no such file or folder; check the name")
    if holds_dataset(path):
        return "dataset"
    if (path / "model.json").is_file() or (path / "model" / "model.json").is_file():
        return "model"
    return "songs"


def describe_song(path: Path, ensemble: Ensemble) -> dict[str, Any]:
    """A MIDI file: its length, meters, tempos and keys, its tracks and where each is placed.

    Raises:
        MuseganError: it cannot be read.
    """
    if path.suffix.lower() in SUFFIXES:
        raise MuseganError(f"{path}: a sound, not a MIDI file; see it with `musegan plot`")
    song = read_midi(path)
    phrases, why_none = _count_phrases(song, ensemble)
    bars = song_bars(song)
    return {
        "file": str(path),
        "seconds": round(float(seconds_at(song, np.array(song.end))), 3),
        "bars": len(bars),
        "pickup": begins_with_pickup(bars),
        "notes": song.note_count(),
        "meters": [f"{meter.numerator}/{meter.denominator}" for meter in song.meters] or ["4/4"],
        "tempos": [round(tempo.bpm, 2) for tempo in song.tempos] or [120.0],
        "keys": keys_at(song, np.array([key.time for key in song.keys], np.int64)),
        "tracks": [_describe_track(track, ensemble) for track in song.tracks],
        "phrases": phrases,
        "no_phrases_because": why_none,
    }


def describe_songs(folder: Path, ensemble: Ensemble) -> list[dict[str, Any]]:
    """Each MIDI file in a folder as `describe_song`, or with what is wrong as `problem`."""
    told = []
    for source in find_sources(folder):
        try:
            told.append(describe_song(source.path, ensemble))
        except MuseganError as problem:
            told.append({"file": str(source.path), "problem": str(problem)})
    return told


def describe_dataset(path: Path) -> dict[str, Any]:
    """The `dataset.json` of a dataset, its sources gathered by licence.

    Raises:
        MuseganError: there is none, or none yet.
    """
    from musegan.data.store import read_description

    told = dict(read_description(path.parent if path.is_file() else path, None))
    licences: dict[str, int] = {}
    for source in told.pop("sources", []):
        licence = source.get("licence") or "not told"
        licences[licence] = licences.get(licence, 0) + 1
    told["licences"] = dict(sorted(licences.items(), key=lambda item: -item[1]))
    return told


def describe_model(path: Path) -> dict[str, Any]:
    """The `model.json` of a model or a training's folder, of either kind, and its files' size.

    Raises:
        MuseganError: there is none, or it is broken.
    """
    from musegan.models.store import PHRASES, TIMBRES, kind_of_model, read_spec

    folder = path.parent if path.is_file() else path
    if not (folder / "model.json").is_file():
        folder = folder / "model"
    timbres = kind_of_model(folder) == TIMBRES.name
    spec = read_spec(folder, TIMBRES) if timbres else read_spec(folder, PHRASES)
    told = json.loads(spec.model_dump_json())
    told["bytes"] = sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
    return {"folder": str(folder), **told}


def _describe_track(track: Track, ensemble: Ensemble) -> dict[str, Any]:
    place = ensemble.place(track)
    low, high = int(track.notes.pitch.min()), int(track.notes.pitch.max())
    return {
        "name": track.name,
        "instrument": program_name(track.program, track.is_drum),
        "program": track.program,
        "drums": track.is_drum,
        "notes": len(track.notes),
        "range": [low, high],
        "pitches": "" if track.is_drum else f"{pitch_name(low)} - {pitch_name(high)}",
        "place": ensemble.names[place] if isinstance(place, int) else None,
        "no_place_because": place if isinstance(place, str) else "",
    }


def _count_phrases(song: Multitrack, ensemble: Ensemble) -> tuple[int, str]:
    cut = Cut(hop=4)
    try:
        count = len(phrase_song(song, ensemble, Grid(), cut).phrases)
    except MuseganError as problem:
        return 0, str(problem)
    return count, "" if count else too_poor(cut)
