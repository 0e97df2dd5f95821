"""The generator: latents, a style and what is given become the patches of a phrase."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from musegan.models.batchwise import PlainBlock
from musegan.models.blocks import Activation, Conv, ResidualBlock, activate, level, linear
from musegan.models.head import RollHead
from musegan.models.latents import Latents, LatentSizes
from musegan.models.patches import PatchLayout
from musegan.models.styling import StyleBlock, mix_styles

SEED_WIDTH = 16  # channels of the picture that a bar's latents are unrolled into
TRACK_SEED_WIDTH = 4
MOST_VARIETY = 36.0  # how loud latents of bars may be heard beside those of the phrase

# what trunk and branches may be made of: R3GAN's, DCGAN's or StyleGAN's layers
BLOCKS: dict[str, type[ResidualBlock] | type[PlainBlock] | type[StyleBlock]] = {
    "residual": ResidualBlock,
    "plain": PlainBlock,
    "style": StyleBlock,
}


class Generator(nn.Module):
    """A MuseGAN on octave × time patches.

    A shared trunk at half the patches' time resolution hears the shared latents, the style and what
    is given; then each track's own branch (grouped convolutions) hears that track's latents alone.
    So a track's own latent moves that track and no other, and with no shared latents (*jamming*)
    the tracks meet only in what is given and in the critic's ear.

    Args:
        layout: shape of the phrase.
        sizes: latents; see `LatentSizes`.
        styles: number of style labels; label `styles` stands for "any".
        width: channels of the trunk.
        track_width: channels of each track's branch.
        blocks: residual blocks of the trunk.
        track_blocks: residual blocks of the branches.
        context: length of the vector that modulates each bar.
        block: what trunk and branches are made of, one of `BLOCKS`.
        mapping: layers between the shared latent and the vector that modulates (StyleGAN's mapping
            network), beside the one there always is.
        mixing: share of the phrases in training whose branches hear another's shared latent
            (StyleGAN's style mixing).
    """

    def __init__(
        self,
        layout: PatchLayout,
        sizes: LatentSizes,
        styles: int,
        width: int = 48,
        track_width: int = 16,
        blocks: int = 3,
        track_blocks: int = 1,
        context: int = 96,
        block: str = "residual",
        mapping: int = 0,
        mixing: float = 0.0,
    ) -> None:
        super().__init__()
        self.layout, self.sizes, self.mixing = layout, sizes, mixing
        tracks, per_bar, octaves = layout.tracks, layout.patches_per_bar, layout.octaves
        coarse = per_bar // 2
        self.style = nn.Embedding(styles + 1, context)
        self.phrase_context = linear(sizes.shared + context, context)
        deeper = ((linear(context, context), Activation()) for _ in range(mapping))
        self.mapping = nn.Sequential(*(layer for pair in deeper for layer in pair))
        self.bar_context = linear(sizes.shared_bar + context, context, 1.5)
        # how much the bars of a phrase differ, by phrase and for each of its tracks
        self.variety = linear(context, 1)
        self.track_variety = linear(sizes.track + context, 1)
        self.track_spread = nn.Parameter(torch.ones(tracks))
        self.bar_position = nn.Parameter(0.1 * torch.randn(layout.bars, context))
        self.held_seed = linear(context, coarse * octaves * SEED_WIDTH)
        self.bar_seed = linear(context, coarse * octaves * SEED_WIDTH)
        self.place = nn.Parameter(0.5 * torch.randn(coarse, octaves, SEED_WIDTH))
        self.unroll = linear(SEED_WIDTH, width)
        self.hear_given = linear(layout.channels, width)
        self.hear_mask = linear(tracks, width)
        self.halve_given = Conv(width, width, (2, 1), stride=(2, 1))
        self.trunk = nn.ModuleList(
            BLOCKS[block](width, coarse, context, loop=True) for _ in range(blocks)
        )
        self.to_tracks = linear(width, 2 * tracks * track_width)
        self.tracks_hear = linear(width, tracks * track_width, 0.5)
        self.track_name = nn.Parameter(torch.randn(tracks, context))
        self.track_context = linear(sizes.track + sizes.track_bar + context, context, 1.5)
        self.track_seed = linear(context, per_bar * octaves * TRACK_SEED_WIDTH)
        self.track_unroll = Conv(
            tracks * TRACK_SEED_WIDTH, tracks * track_width, (1, 1), groups=tracks
        )
        self.branches = nn.ModuleList(
            BLOCKS[block](tracks * track_width, per_bar, context, groups=tracks, loop=True)
            for _ in range(track_blocks)
        )
        self.head = RollHead(layout, track_width)

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
        layout = self.layout
        bars, batch = layout.bars, len(style)
        styled = style @ self.style.weight
        phrase = activate(self.phrase_context(torch.cat([latents.shared, styled], 1)))
        phrase = self.mapping(phrase)
        varies = MOST_VARIETY * torch.sigmoid(self.variety(phrase))[:, None]
        varied = latents.shared_bar * varies
        bar = torch.cat([varied, phrase[:, None].expand(-1, bars, -1)], 2)
        bar = activate(self.bar_context(bar) + self.bar_position * varies)

        seed = (self.held_seed(phrase)[:, None] + self.bar_seed(bar)).unflatten(
            2, self.place.shape
        ) + self.place
        marked = self.hear_mask(mask.transpose(1, 2))[:, :, None, None]
        heard = self.hear_given(given).unflatten(1, (bars, -1)) + marked
        heard = activate(heard).flatten(1, 2)
        h = self.unroll(seed.flatten(1, 2)) + self.halve_given(heard)
        for block in self.trunk:
            h = block(h, bar[:, :, None])

        # each coarse place becomes two along time
        t = self.to_tracks(activate(level(h))).unflatten(3, (2, -1)).transpose(2, 3).flatten(1, 2)
        if self.training and self.mixing:
            phrase = mix_styles(phrase, self.mixing)
        voice = self.track_voice(latents, phrase)
        seed = self.track_seed(voice).view(
            batch, bars, layout.tracks, -1, layout.octaves, TRACK_SEED_WIDTH
        )
        seed = seed.permute(0, 1, 3, 4, 2, 5).flatten(4).flatten(1, 2)
        t = t + self.tracks_hear(heard) + self.track_unroll(seed)
        for block in self.branches:
            t = block(t, voice)
        logits: Tensor = self.head(activate(level(t, layout.tracks)))
        return logits

    @property
    def styles(self) -> int:
        """Number of style labels; one more stands for "any"."""
        return self.style.num_embeddings - 1

    def track_voice(self, latents: Latents, phrase: Tensor) -> Tensor:
        """Each track's context for each bar, (batch, bars, tracks, context)."""
        bars = self.layout.bars
        held = torch.cat([latents.track, self.track_name + phrase[:, None]], 2)
        varies = MOST_VARIETY * torch.sigmoid(self.track_variety(held)) * self.track_spread[:, None]
        varied = latents.track_bar * varies[:, :, None]
        held = held[:, None].expand(-1, bars, -1, -1)
        voice: Tensor = self.track_context(torch.cat([held, varied.transpose(1, 2)], 3))
        return activate(voice)


def complete(made: Tensor, given: Tensor, mask: Tensor, layout: PatchLayout) -> Tensor:
    """The phrase a listener hears: what is given where `mask` is 1, what was made elsewhere.

    `given` must be silent wherever `mask` is 0.
    """
    return keep(made, 1 - mask, layout) + given


def keep(patches: Tensor, mask: Tensor, layout: PatchLayout) -> Tensor:
    """Patches silenced wherever `mask` (batch, tracks, bars) is 0."""
    cells = patches.unflatten(3, (layout.tracks, -1)).unflatten(1, (layout.bars, -1))
    kept = cells * mask.transpose(1, 2)[:, :, None, None, :, None]
    silenced: Tensor = kept.flatten(4).flatten(1, 2)
    return silenced
