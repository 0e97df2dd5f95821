"""The report of an evaluation of sounds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from musegan.evaluation.page import Page, Sample, without_nan, write_page
from musegan.evaluation.sounds.judging import (
    SoundEvaluation,
    SoundJudgement,
    like,
    sound_summary,
)
from musegan.evaluation.tables import Table, figure
from musegan.rendering.audio_file import write_audio
from musegan.rendering.spectrogram_sheet import write_sound_sheet

SIDES = ("made", "real")


def write_sound_report(
    evaluation: SoundEvaluation, folder: Path, samples: Sequence[Sample] = ()
) -> list[Path]:
    """Write `report.md`, `report.html` and `report.json` into a folder; gives their paths.

    Args:
        evaluation: what to tell.
        folder: is made if need be; a report there is replaced.
        samples: sounds to see and hear; their files lie within `folder`.
    """
    title = f"{evaluation.target} beside {evaluation.yardstick.name}"
    shown = (sound_summary_table(evaluation), instrument_table(evaluation))
    return write_page(Page(title, shown, samples), sound_data(evaluation), folder)


def write_sound_samples(evaluation: SoundEvaluation, count: int, folder: Path) -> list[Sample]:
    """Write some of the sounds, and beside each a real one like it; the folder is made if need be.

    At most `count`, at even distances.
    """
    made = evaluation.made.sounds.thinned(count)
    real = evaluation.real.sounds
    real = real.at(like(made, real))
    folder.mkdir(parents=True, exist_ok=True)
    samples = []
    for index, label in enumerate(made.instrument.tolist()):
        pitch = f" {made.pitch[index]}" if evaluation.made.pitches else ""
        name = f"{index:02d}-{made.instruments[label]}{pitch.replace(' ', '-')}"
        files = {side: folder / f"{name}-{side}.ogg" for side in SIDES}
        waves = [sounds.waves([index])[0] for sounds in (made, real)]
        for wave, file in zip(waves, files.values(), strict=True):
            write_audio(wave[:, None], made.rate, file)
        picture = folder / f"{name}.png"
        write_sound_sheet(waves, made.rate, picture, SIDES)
        samples.append(Sample(f"{made.instruments[label]}{pitch}", picture, files))
    return samples


def sound_summary_table(evaluation: SoundEvaluation) -> Table:
    """The figures that matter most."""
    splits = " + ".join(evaluation.yardstick.splits)
    return Table(
        "Summary",
        f"{len(evaluation.made.sounds)} sounds of {evaluation.target} beside {splits} sounds of "
        f"{evaluation.yardstick.name}. Real: {len(evaluation.real.sounds)} of those, judged alike; "
        "their Fréchet distance is that of training sounds like them.",
        ("figure", "made", "real", "aim"),
        tuple(
            (line.title, figure(line.made), figure(line.real), line.aim)
            for line in sound_summary(evaluation)
        ),
    )


def instrument_table(evaluation: SoundEvaluation) -> Table:
    """What becomes of each instrument."""
    names = evaluation.yardstick.training.instruments
    rows = []
    for label, name in enumerate(names):
        cells = [_of_instrument(of, label) for of in (evaluation.made, evaluation.real)]
        if cells[0]["sounds"]:
            mistaken = cells[0]["taken_for"]
            rows.append(
                (
                    name,
                    str(cells[0]["sounds"]),
                    figure(cells[0]["recognised"]),
                    figure(cells[1]["recognised"]),
                    figure(cells[0]["pitch"]),
                    figure(cells[1]["pitch"]),
                    names[mistaken] if mistaken is not None else "",
                )
            )
    return Table(
        "Instruments",
        "Share of each instrument's sounds that are recognised and within 50 cents of their pitch, "
        "and what else they are taken for most often.",
        ("instrument", "made", "recognised", "real", "in tune", "real", "taken for"),
        tuple(rows),
    )


def sound_data(evaluation: SoundEvaluation) -> dict[str, Any]:
    """The figures as plain data for JSON; what does not apply is null."""
    sides = {"made": evaluation.made, "real": evaluation.real}
    names = evaluation.yardstick.training.instruments
    data = {
        "target": evaluation.target,
        "against": evaluation.yardstick.name,
        "splits": list(evaluation.yardstick.splits),
        "sounds": {side: len(of.sounds) for side, of in sides.items()},
        "bins": evaluation.bins,
        "summary": {
            line.key: {"made": line.made, "real": line.real} for line in sound_summary(evaluation)
        },
        "instruments": {
            name: {side: _named(_of_instrument(of, label), names) for side, of in sides.items()}
            for label, name in enumerate(names)
        },
    }
    plain: dict[str, Any] = without_nan(data)
    return plain


def _of_instrument(judged: SoundJudgement, label: int) -> dict[str, Any]:
    own = judged.sounds.instrument == label
    wrong = judged.taken_for[own & ~judged.recognised]
    right = np.abs(judged.pitches.off[own]) <= 0.5 if judged.pitches else np.zeros(0)
    return {
        "sounds": int(own.sum()),
        "recognised": _mean(judged.recognised[own]),
        "pitch": _mean(right),
        "taken_for": int(np.bincount(wrong).argmax()) if len(wrong) else None,
    }


def _named(found: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    mistaken = found["taken_for"]
    return found | {"taken_for": None if mistaken is None else names[mistaken]}


def _mean(values: Any) -> float:
    return float(np.mean(values)) if len(values) else float("nan")
