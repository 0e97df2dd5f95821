"""What `musegan inspect` found, as lines of text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from musegan.cli.common import counted


def song_lines(song: dict[str, Any], ensemble: str) -> list[str]:
    """A song: its bars, keys and tempos, and where its tracks belong."""
    phrases = f"{song['phrases']} of 4 bars side by side"
    bars, notes = counted(song["bars"], "bar"), counted(song["notes"], "note")
    pickup = ["the first a pick-up"] if song["pickup"] else []
    facts = [
        ("length", ", ".join((_clock(song["seconds"]), bars, *pickup, notes))),
        ("meter", _brief(song["meters"])),
        ("tempo", _tempo(song["tempos"])),
        ("key", _brief(song["keys"]) or "not told"),
        ("phrases", phrases if song["phrases"] else f"none: {song['no_phrases_because']}"),
    ]
    tracks = [
        (
            track["name"] or "-",
            track["instrument"],
            f"{track['notes']:,}",
            track["pitches"],
            track["place"] or f"none: {track['no_place_because']}",
        )
        for track in song["tracks"]
    ]
    head = ("track", "instrument", "notes", "range", f"place in {ensemble}")
    return [song["file"], *_table(facts, indent=2), "", *_table([head, *tracks], {2}, 2)]


def songs_lines(songs: list[dict[str, Any]], folder: Path) -> list[str]:
    """A folder of songs, a line each, and what could not be read."""
    rows = []
    for song in songs:
        name = str(Path(song["file"]).relative_to(folder))
        if "problem" in song:
            rows.append(
                (name, "", "", "", "", "", song["problem"].removeprefix(song["file"] + ": "))
            )
            continue
        places = dict.fromkeys(track["place"] for track in song["tracks"] if track["place"])
        row = (
            name,
            _clock(song["seconds"]),
            str(song["bars"]),
            _brief(song["meters"]),
            _tempo(song["tempos"]),
            str(song["phrases"]),
            ", ".join(places),
        )
        rows.append(row)
    head = ("file", "length", "bars", "meter", "tempo", "phrases", "tracks")
    return _table([head, *rows], {1, 2, 5})


def dataset_lines(told: dict[str, Any]) -> list[str]:
    """A dataset of phrases."""
    splits = ", ".join(f"{name} {count:,}" for name, count in told["splits"].items())
    facts = [
        ("phrases", f"{told['phrases']:,} of {counted(told['bars'], 'bar')} ({splits})"),
        ("grid", _grid(told["grid"])),
        ("ensemble", _ensemble(told["ensemble"]["name"], told["ensemble"]["tracks"])),
        ("files", f"{told['files']:,}, {told['skipped']:,} of them skipped (see skipped.csv)"),
        ("duplicates", f"{counted(told['duplicates'], 'phrase')} left out"),
    ]
    styles = [
        (name, f"{counts['phrases']:,}", f"{counts['songs']:,}")
        for name, counts in told["styles"].items()
    ]
    table = _table([("style", "phrases", "songs"), *styles], {1, 2})
    return [*_table(facts), "", *table, "", *_licences(told)]


def sounds_lines(told: dict[str, Any]) -> list[str]:
    """A dataset of sounds."""
    from musegan.midi.names import pitch_name

    splits = ", ".join(f"{name} {count:,}" for name, count in told["splits"].items())
    facts = [
        ("sounds", f"{told['sounds']:,} of {told['seconds']:g} s ({splits})"),
        ("rate", f"{told['rate']:,} samples a second"),
        ("files", f"{told['files']:,}, {told['skipped']:,} of them skipped (see skipped.csv)"),
        ("duplicates", f"{counted(told['duplicates'], 'sound')} left out"),
    ]
    instruments = [
        (
            name,
            f"{about['sounds']:,}",
            f"{pitch_name(about['lowest'])} - {pitch_name(about['highest'])}"
            if "lowest" in about
            else "",
        )
        for name, about in told["instruments"].items()
    ]
    table = _table([("instrument", "sounds", "range"), *instruments], {1})
    return [*_table(facts), "", *table, "", *_licences(told)]


def _licences(told: dict[str, Any]) -> list[str]:
    counts = [(name, f"{count:,}") for name, count in told["licences"].items()]
    return _table([("licence", "files"), *counts], {1})


def model_lines(told: dict[str, Any]) -> list[str]:
    """A model of phrases."""
    styles = ", ".join(
        f"{style} ({told['tempos'].get(style, 120):.0f} bpm)" for style in told["styles"]
    )
    facts = [
        ("model", told["name"]),
        ("phrases", counted(told["bars"], "bar")),
        ("grid", _grid(told)),
        ("ensemble", _ensemble(told["ensemble_name"], told["tracks"])),
        ("styles", styles),
        ("size", f"{told['bytes'] / 1e6:.1f} MB"),
        *_training(told["training"]),
    ]
    return _table(facts)


def timbres_lines(told: dict[str, Any]) -> list[str]:
    """A model of timbres."""
    from musegan.midi.names import pitch_name

    layout = told["layout"]
    pitched = layout["partials"] > 0
    seconds = layout["frames"] * layout["hop"] / layout["rate"]
    bands = f"{layout['bands']} bands of noise, {layout['frames']} frames"
    facts = [
        ("model", told["name"]),
        ("makes", f"{'notes' if pitched else 'hits'} of {seconds:g} s"),
        ("rate", f"{layout['rate']:,} samples a second"),
        ("drawn as", f"{layout['partials']} partials and {bands}" if pitched else bands),
        ("size", f"{told['bytes'] / 1e6:.1f} MB"),
        *_training(told["training"]),
    ]
    ranges = [
        (name, f"{pitch_name(low)} - {pitch_name(high)}" if pitched else "")
        for name, (low, high) in told["ranges"].items()
    ]
    return [*_table(facts), "", *_table([("instrument", "range" if pitched else ""), *ranges])]


def _table(rows: Iterable[Sequence[str]], right: Iterable[int] = (), indent: int = 0) -> list[str]:
    """Rows of cells in aligned columns, those in `right` to the right."""
    rows = list(rows)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    right = set(right)
    return [
        " " * indent
        + "  ".join(
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"


def _brief(values: Sequence[str | None]) -> str:
    """The different values in order, the rest of many counted."""
    different = [value for value in dict.fromkeys(values) if value]
    more = f" and {len(different) - 4} more" if len(different) > 4 else ""
    return ", ".join(different[:4]) + more


def _tempo(tempos: Sequence[float]) -> str:
    low, high = min(tempos), max(tempos)
    return f"{low:.0f} bpm" if round(low) == round(high) else f"{low:.0f}-{high:.0f} bpm"


def _grid(grid: dict[str, Any]) -> str:
    meter = f"{grid['beats_per_bar']}/{grid['beat_unit']}"
    return f"{meter}, {grid['steps_per_beat']} steps a beat"


def _ensemble(name: str, tracks: Sequence[dict[str, Any]]) -> str:
    return f"{name}: {', '.join(track['name'] for track in tracks)}"


def _training(training: dict[str, Any], indent: str = "") -> list[tuple[str, str]]:
    """Name and value of each fact, those of a recipe below each other."""
    rows: list[tuple[str, str]] = []
    for name, value in training.items():
        label = indent + name.replace("_", " ")
        if isinstance(value, dict) and not indent:
            rows += [(label, ""), *_training(value, "  ")]
        else:
            rows.append((label, _value(value)))
    return rows


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_value(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        nested = any(isinstance(each, dict) for each in value)
        return ("; " if nested else " ").join(map(_value, value))
    return str(value)
