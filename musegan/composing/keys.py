"""Keys as musicians write them: `G`, `Em`, `F#m`, `Bb`."""

from __future__ import annotations

import re

from musegan.errors import MuseganError
from musegan.song import Key

MOST_ACCIDENTALS = 7
_WRITTEN = re.compile(r"([A-Ga-g])([#b]?) *(m|M|(?i:min|minor|maj|major))?")


def parse_key(text: str) -> Key:
    """The key called `text`; one beyond seven accidentals is written as its enharmonic twin.

    Raises:
        MuseganError: there is no such key.
    """
    found = _WRITTEN.fullmatch(text.strip().replace("♯", "#").replace("♭", "b"))
    if found is None:
        raise MuseganError(
            f"no key '{text}': a key is a letter from A to G, # or b if need be, and m for minor, "
            "such as G, Em, F#m or Bb"
        )
    letter, accidental, mode = found.groups()
    minor = mode is not None and (mode == "m" or mode.lower().startswith("min"))
    fifths = "FCGDAEB".index(letter.upper()) - 1 - 3 * minor
    fifths += {"#": 7, "b": -7, "": 0}[accidental]
    if abs(fifths) > MOST_ACCIDENTALS:
        fifths -= 12 if fifths > 0 else -12
    return Key(0, fifths, minor)


def tonic(key: Key) -> int:
    """The pitch class a key comes home to, 0..11 from C."""
    return (7 * key.fifths + 9 * key.minor) % 12


def home(key: Key) -> int:
    """Semitones, -5..6, that a key lies above C major or A minor."""
    return (7 * key.fifths + 5) % 12 - 5
