"""How sound is cut into frames."""

from __future__ import annotations

from dataclasses import dataclass

from musegan.errors import MuseganError


@dataclass(frozen=True)
class Layout:
    """The frames of a spectrogram; frame t is centred on sample (t + 1/2) x `hop`.

    A sound of n hops so has n frames, and each sample lies under several of them.

    Attributes:
        rate: samples a second.
        window: samples a frame, even.
        hop: samples from a frame to the next, even, at most a quarter of `window`.
    """

    rate: int = 16_000
    window: int = 1024
    hop: int = 256

    def check(self) -> None:
        """See that sound can be had back from these frames.

        Raises:
            MuseganError: a number is out of range; the message names it.
        """
        if self.rate <= 0:
            raise MuseganError(f"rate {self.rate}: a number of samples a second is above 0")
        if self.window <= 0 or self.window % 2:
            raise MuseganError(f"window {self.window}: give an even number of samples")
        if not 0 < self.hop <= self.window // 4 or self.hop % 2:
            raise MuseganError(
                f"hop {self.hop}: give an even number, at most a quarter of window {self.window}"
            )

    def frames(self, samples: int) -> int:
        """Frames that hold so many samples."""
        return -(-samples // self.hop)
