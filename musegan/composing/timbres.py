"""Notes of instruments, and of what lies between them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from musegan.audio.partials.playing import brightened, in_tune, sustained
from musegan.audio.partials.synthesis import synthesise
from musegan.audio.shaping import LEAD, PEAK
from musegan.composing.mixes import mix_shares
from musegan.composing.model import find_model_folder, shipped_model
from musegan.models.devices import find_device
from musegan.models.store import TIMBRES, load_folder
from musegan.models.timbres.generator import TimbreGenerator
from musegan.models.timbres.spec import TimbreSpec

Wave = NDArray[np.float32]

SHIPPED, HITS = "timbres", "hits"
LOUDNESS = 0.1  # root mean square of a note's loudest moment
FADE = 0.05  # seconds over which a note that is not released ends
ATTACK = 0.005  # seconds over which a note fades in, so that it does not click
MOMENT = 0.1  # seconds over which loudness is told
MIDDLE_C = 60


@dataclass(frozen=True)
class Timbres:
    """A trained model of timbres.

    Attributes:
        generator: the network, in evaluation mode on `device`.
        spec: instruments, their ranges, and how it was trained.
        device: where it runs.
        folder: where it was loaded from.
    """

    generator: TimbreGenerator
    spec: TimbreSpec
    device: torch.device
    folder: Path


def load_timbres(path: Path | None = None, device: str = "cpu") -> Timbres:
    """The model of timbres in a folder, or the one that ships when `path` is None.

    `hits` is the model of drums that ships, where there is no folder of that name.

    Raises:
        MuseganError: there is none, it is broken or of another kind, or the device is not there.
    """
    ships = path is not None and str(path) == HITS and not path.exists()
    folder = shipped_model(HITS) if ships else find_model_folder(path, SHIPPED)
    generator, spec = load_folder(folder, TIMBRES)
    place = find_device(device)
    return Timbres(generator.to(place), spec, place, folder)


@dataclass(frozen=True)
class Instrument:
    """An instrument of a model, or a mix of several, as one player has it.

    Attributes:
        timbres: the model.
        shares: (instruments,) of each, summing to 1; see `make_instrument`.
        latent: (latent,) what tells this player from others of the instrument.
    """

    timbres: Timbres
    shares: Tensor
    latent: Tensor

    rings: ClassVar[bool] = False  # its notes end when they are let go

    @property
    def rate(self) -> int:
        """Samples a second."""
        return self.timbres.spec.layout.rate

    @cached_property
    def range(self) -> tuple[int, int]:
        """The lowest and highest pitch that any of the mixed instruments was heard at."""
        used = [
            pitches
            for pitches, share in zip(
                self.timbres.spec.ranges.values(), self.shares.tolist(), strict=True
            )
            if share > 0
        ]
        return min(low for low, _ in used), max(high for _, high in used)

    def paint(self, pitches: Sequence[int]) -> Tensor:
        """The pictures of notes, (pitches, 2, rows, frames) on the CPU.

        Beyond the range the nearest note within is taken: an instrument keeps its tone there.
        """
        low, high = self.range
        device = self.timbres.device
        count = len(pitches)
        known = torch.tensor([float(min(max(pitch, low), high)) for pitch in pitches])
        with torch.inference_mode():
            pictures: Tensor = self.timbres.generator(
                self.latent.expand(count, -1).to(device),
                self.shares.expand(count, -1).to(device),
                known.to(device),
            )
        return pictures.cpu()

    def play(self, pitch: int, seconds: float | None = None, brightness: float = 0.0) -> Wave:
        """A note held for so long, (samples,) float32, without a release; a hit rings out.

        All notes are equally loud, and the same one always has the same samples.

        Args:
            pitch: MIDI pitch.
            seconds: how long it is held, > 0; None is as it was learnt, with its own end.
            brightness: dB for each octave above the fundamental.
        """
        layout = self.timbres.spec.layout
        samples = layout.samples if seconds is None else max(1, math.ceil(seconds * layout.rate))
        picture = in_tune(self.paint([pitch])[0], layout)
        if seconds is not None and layout.pitched:
            picture = sustained(picture, -(-samples // layout.hop), layout)
        picture = brightened(picture, brightness, layout)
        random = torch.Generator().manual_seed(pitch)
        wave = synthesise(picture, pitch, layout, random)[:samples].numpy()
        if not layout.pitched:  # what is heard before it is struck is the blur of its spectrum
            wave[: round(LEAD * layout.rate)] = 0
        played: Wave = wave * np.float32(LOUDNESS / max(_loudness(wave, layout.rate), 1e-6))
        begin = min(samples, round(ATTACK * layout.rate))
        played[:begin] *= np.linspace(0, 1, begin, dtype=np.float32)
        return played


def make_instrument(timbres: Timbres, mix: str, seed: int = 0, variety: float = 1.0) -> Instrument:
    """An instrument of a model.

    Args:
        timbres: the model.
        mix: an instrument's name, or a mix such as `violin:0.5,synth-saw:0.5`.
        seed: which player of it.
        variety: how much players differ; 0 is the most usual of all.

    Raises:
        MuseganError: an instrument that the model does not know.
    """
    spec = timbres.spec
    shares = mix_shares(mix, spec.instruments, "instrument", spec.name)
    return Instrument(timbres, shares, variety * _latent(spec, seed))


def between(one: Instrument, other: Instrument, share: float) -> Instrument:
    """The instrument that lies `share` (0..1) of the way from one to another of the same model.

    Latents turn from one to the other, so that those between are as likely (Shoemake, "Animating
    rotation with quaternion curves", 1985).
    """
    latent = _turned(one.latent, other.latent, share)
    return Instrument(one.timbres, torch.lerp(one.shares, other.shares, share), latent)


def finished(wave: Wave, rate: int) -> Wave:
    """A note with an end of its own and its peak at -1 dBFS; changed in place."""
    fade = min(len(wave), round(FADE * rate))
    wave[-fade:] *= np.cos(np.linspace(0, np.pi / 2, fade, dtype=np.float32)) ** 2
    wave *= PEAK / max(float(np.abs(wave).max()), 1e-6)
    return wave


def usual_pitch(instruments: Sequence[Instrument]) -> int:
    """The MIDI pitch to hear instruments at: C4, or the middle of what all of them reach.

    Of instruments that share no pitch it lies between them.
    """
    low = max(instrument.range[0] for instrument in instruments)
    high = min(instrument.range[1] for instrument in instruments)
    return MIDDLE_C if low <= MIDDLE_C <= high else (low + high) // 2


def _latent(spec: TimbreSpec, seed: int) -> Tensor:
    start = int(np.random.default_rng(seed).integers(2**63))
    return torch.randn(spec.generator.latent, generator=torch.Generator().manual_seed(start))


def _turned(one: Tensor, other: Tensor, share: float) -> Tensor:
    lengths = one.norm() * other.norm()
    if lengths == 0:
        return torch.lerp(one, other, share)
    angle = torch.acos((one @ other / lengths).clamp(-1, 1))
    if torch.sin(angle) < 1e-4:
        return torch.lerp(one, other, share)
    weights = torch.sin(angle * torch.tensor([1 - share, share])) / torch.sin(angle)
    return weights[0] * one + weights[1] * other


def _loudness(wave: Wave, rate: int) -> float:
    moment = max(1, min(len(wave), round(MOMENT * rate)))
    energy = np.concatenate([[0.0], np.cumsum(wave.astype(np.float64) ** 2)])
    return float(np.sqrt((energy[moment:] - energy[:-moment]).max() / moment))
