"""A generator that plans a phrase as a grid of codes and then plays it."""

from __future__ import annotations

from torch import Tensor, nn

from musegan.models.coder import Coder
from musegan.models.generator import Generator
from musegan.models.habits.playing import Habits
from musegan.models.head import RollHead
from musegan.models.latents import Latents, LatentSizes
from musegan.models.patches import PatchLayout
from musegan.models.planner import Planner


class PlannedGenerator(nn.Module):
    """What is given is read as codes, a planner makes those that are missing, a decoder plays all.

    Args:
        layout: shape of the phrase.
        sizes: latents; see `LatentSizes`.
        planner: what fills the grid of codes.
        coder: what reads and plays codes.
    """

    def __init__(
        self, layout: PatchLayout, sizes: LatentSizes, planner: Planner, coder: Coder
    ) -> None:
        super().__init__()
        self.layout, self.sizes = layout, sizes
        self.planner, self.coder = planner, coder
        self.habits = Habits(layout)

    def forward(self, latents: Latents, style: Tensor, given: Tensor, mask: Tensor) -> Tensor:
        """Logits of the patches.

        Args:
            latents: a batch of latents.
            style: (batch, styles + 1) weights of the styles, summing to 1; the last is "any".
            given: patches, silent wherever `mask` is 0; those of one phrase do for all.
            mask: (batch, tracks, bars), 1 where the cell is given, 0 where it is to be made.

        Returns:
            (batch, time, octave, channel): onset, hold and velocity logits; see `sound`.
        """
        codes = self.coder.encoder(given).expand(len(style), -1, -1, -1)
        logits: Tensor = self.coder.decoder(self.planner(latents, style, codes, mask))
        played: Tensor = self.habits(logits, given, mask)
        return played

    @property
    def styles(self) -> int:
        """Number of style labels; one more stands for "any"."""
        return self.planner.style.num_embeddings - 1

    @property
    def head(self) -> RollHead:
        """The layer that says the logits."""
        return self.coder.decoder.head


PhraseGenerator = Generator | PlannedGenerator
