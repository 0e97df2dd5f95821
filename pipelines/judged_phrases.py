"""What is judged as phrases: those a model makes, of a dataset, or of a folder of MIDI files.

target ─find─> phrases ─evaluate─> figures
"""

from __future__ import annotations

from pathlib import Path

from musegan.composing.generate import generate
from musegan.composing.model import is_model, load_model
from musegan.errors import MuseganError
from musegan.evaluation.material import Material, Yardstick, load_phrases, midi_files, read_files
from musegan.pianoroll import concatenate

LeftOut = list[tuple[str, str]]


def find_judged(
    target: Path | None, yardstick: Yardstick, count: int, seed: int, device: str
) -> tuple[Material, LeftOut]:
    """At most `count` phrases to be judged, like the yardstick's; and what was left out, and why.

    Args:
        target: a model, a dataset or a folder of MIDI files; None is the model that ships.
        yardstick: what they are to be judged by.
        count: how many.
        seed: of what a model makes.
        device: where a model runs.

    Raises:
        MuseganError: it is none of these, or nothing of it can be judged.
    """
    left_out: LeftOut = []
    if target is None or is_model(target):
        material = _made(target, yardstick, count, seed, device)
    elif not target.exists():
        raise MuseganError(f"{target}: no such folder")
    elif (target / "dataset.json").is_file():
        material = load_phrases(target, yardstick)
    else:
        files = midi_files(target)
        if not files:
            raise MuseganError(f"{target}: neither a model, a dataset nor a folder of MIDI files")
        material, useless = read_files(files, yardstick)
        left_out = [(str(path), reason) for path, reason in useless]
    return material.thinned(count), left_out


def _made(
    folder: Path | None, yardstick: Yardstick, count: int, seed: int, device: str
) -> Material:
    model = load_model(folder, device)
    spec = model.spec
    yardstick.fits(spec.ensemble, spec.grid, spec.bars, str(model.folder))
    return Material.made(concatenate(list(generate(model, count, seed=seed))))
