"""A form, such as AABA: which sections a piece has, and which of them repeat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from musegan.errors import MuseganError
from musegan.pianoroll import MOST_STEPS

MOST_SECTIONS = 100


class Section(NamedTuple):
    """One letter of a form.

    Attributes:
        letter: equal letters are repeats of each other.
        first: number of its first bar, from 0.
        model: number of the first bar of the first section with this letter.
    """

    letter: str
    first: int
    model: int


@dataclass(frozen=True)
class Form:
    """Sections of equal length, one a letter.

    Attributes:
        letters: one or more, A to Z.
        length: bars a section, >= 1.
    """

    letters: str
    length: int

    @classmethod
    def of(cls, letters: str | None, bars: int | None, phrase: int, steps_per_bar: int) -> Form:
        """The form a musician asks for.

        Args:
            letters: such as `AABA`; None is one section.
            bars: of all sections; None is a phrase for each.
            phrase: bars in a phrase.
            steps_per_bar: of the grid.

        Raises:
            MuseganError: these are no letters, the bars cannot be divided by them, or it is longer
                than a song can be.
        """
        letters = "A" if letters is None else letters.strip().upper()
        if not (letters.isascii() and letters.isalpha() and len(letters) <= MOST_SECTIONS):
            raise MuseganError(
                f"no form '{letters}': a form has a letter for each section, up to "
                f"{MOST_SECTIONS}, and equal letters for those that repeat, such as AABA"
            )
        count = len(letters)
        length, rest = divmod(phrase * count if bars is None else bars, count)
        if rest or not length:
            less, more = length * count, (length + 1) * count
            instead = f"{less} or {more}" if less else str(more)
            raise MuseganError(
                f"{bars} bars cannot be divided in the {count} sections of {letters}; "
                f"ask for {instead}"
            )
        most = MOST_STEPS // steps_per_bar
        if length * count > most:
            raise MuseganError(f"{length * count} bars are more than a song may have ({most})")
        return cls(letters, length)

    def of_bars(self, at_once: int) -> Form:
        """The form in bars that `at_once` bars of it make up.

        Raises:
            MuseganError: its sections end within such a bar.
        """
        length, rest = divmod(self.length, at_once)
        if rest:
            count = len(self.letters) * at_once
            less, more = length * count, (length + 1) * count
            instead = f"{less} or {more}" if less else str(more)
            raise MuseganError(
                f"the model writes bars of this meter {at_once} at a time, so {self.bars} cannot "
                f"be; ask for {instead}"
            )
        return Form(self.letters, length)

    @property
    def bars(self) -> int:
        """Bars of the whole piece."""
        return len(self.letters) * self.length

    @property
    def sections(self) -> list[Section]:
        """The sections in order."""
        return [
            Section(letter, number * self.length, self.letters.index(letter) * self.length)
            for number, letter in enumerate(self.letters)
        ]
