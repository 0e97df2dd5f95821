"""A folder of recordings to prepare, with some that cannot be used."""

from pathlib import Path

import numpy as np
import soundfile

from pipelines.sound_files import SoundSettings

SETTINGS = SoundSettings(pitched=True, rate=8000, seconds=0.25, valid=0.25, test=0.25)


def tone(pitch: int, rate: int = 22_050, seconds: float = 0.4, partials: int = 1) -> np.ndarray:
    """A decaying note after 50 ms of silence."""
    time = np.arange(round(seconds * rate)) / rate
    frequency = 440 * 2 ** ((pitch - 69) / 12)
    wave = sum(np.sin(2 * np.pi * k * frequency * time) / k for k in range(1, partials + 1))
    return np.concatenate([np.zeros(rate // 20), 0.3 * wave * np.exp(-4 * time)])


def write_recordings(folder: Path, pitches: int = 12) -> Path:
    """Notes of a flute (WAV) and an organ (FLAC), a licence, a copy, and five that give none."""
    for name in ("flute", "organ/deep"):
        (folder / name).mkdir(parents=True)
    for pitch in range(60, 60 + pitches):
        soundfile.write(folder / f"flute/flute-{pitch:03d}-1.wav", tone(pitch), 22_050)
        loud = 2 * tone(pitch, 8000, partials=4)
        soundfile.write(folder / f"organ/deep/organ-{pitch:03d}-1.flac", loud, 8000)
    soundfile.write(folder / "flute/flute-060-2.wav", tone(60), 22_050)
    bad = folder / "bad"
    bad.mkdir()
    (bad / "text-060-1.wav").write_text("bread and butter")
    soundfile.write(bad / "nothing-061-1.wav", np.zeros(0), 8000)
    soundfile.write(bad / "odd-062-1.wav", np.full(900, np.nan), 8000, subtype="FLOAT")
    soundfile.write(bad / "silence-063-1.wav", np.zeros(900), 8000)
    soundfile.write(bad / "unknown.wav", tone(60), 22_050)
    (folder / "flute" / "LICENSE.txt").write_text("Play it as you like.\n")
    return folder
