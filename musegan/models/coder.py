"""The coder: what one track plays in one bar as a code, and codes as patches again.

Each cell of track × bar becomes one vector, whatever the cells around it play, so a phrase is a
small grid of codes. Codes lie on a sphere (a root mean square of 1): none is too far out to be
read, and what is planned can be brought to where codes lie. Silence has no code; its cell is 0.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from musegan.models.blocks import Conv, ResidualBlock, activate, level, neighbours
from musegan.models.head import RollHead
from musegan.models.mixing import NEARLY_NOTHING, TrackLinear
from musegan.models.patches import PATCH_PITCHES, PatchLayout, fold
from musegan.pianoroll import ONSET, SUSTAIN

SEED_WIDTH = 10  # channels of the picture that a code is unrolled into
HALVES = 2  # of a bar, each with a harmony of its own
HARMONY = HALVES * PATCH_PITCHES  # that a code tells of
SHRINK = 4  # patches along time that the encoder joins; every bar's are a multiple


class Encoder(nn.Module):
    """Patches -> codes; each track has weights of its own, and no cell hears another.

    Args:
        layout: shape of the phrase.
        code: length of a code.
        width: channels of a track.
        hidden: channels between a cell's picture and its code.
    """

    def __init__(self, layout: PatchLayout, code: int, width: int, hidden: int) -> None:
        super().__init__()
        self.layout = layout
        tracks, places = layout.tracks, (layout.patches_per_bar // SHRINK, layout.octaves)
        self.hear = Conv(layout.channels, tracks * width, (1, 1), groups=tracks)
        self.local = neighbours(tracks * width, tracks * width, tracks)
        self.shrink = Conv(
            tracks * width, tracks * width, (SHRINK, 1), stride=(SHRINK, 1), groups=tracks
        )
        self.whole = Conv(tracks * width, tracks * hidden, places, groups=tracks)
        self.say = Conv(tracks * hidden, tracks * code, (1, 1), groups=tracks)

    def forward(self, patches: Tensor) -> Tensor:
        """(batch, time, octave, channel) -> (batch, bars, tracks, code); 0 for silent cells."""
        layout = self.layout
        cells = patches.unflatten(1, (layout.bars, -1)).flatten(0, 1)
        h = activate(self.hear(cells))
        h = h + 0.3 * activate(self.local(h))
        h = activate(self.whole(activate(self.shrink(h))))
        said: Tensor = self.say(h).view(len(patches), layout.bars, layout.tracks, -1)
        codes: Tensor = on_sphere(said) * sounding(patches, layout).transpose(1, 2)[..., None]
        return codes


class Decoder(nn.Module):
    """Codes -> logits of patches; each track has weights of its own and hears its bars around.

    Args:
        layout: shape of the phrase.
        code: length of a code.
        width: channels of a track.
        hidden: channels between a code and a cell's picture.
        blocks: residual blocks.
    """

    def __init__(
        self, layout: PatchLayout, code: int, width: int, hidden: int, blocks: int
    ) -> None:
        super().__init__()
        self.layout = layout
        tracks, per_bar = layout.tracks, layout.patches_per_bar
        self.hear = Conv(tracks * code, tracks * hidden, (1, 1), groups=tracks)
        places = per_bar * layout.octaves
        self.unroll = Conv(tracks * hidden, tracks * places * SEED_WIDTH, (1, 1), groups=tracks)
        self.paint = Conv(tracks * SEED_WIDTH, tracks * width, (1, 1), groups=tracks)
        self.blocks = nn.ModuleList(
            ResidualBlock(tracks * width, per_bar, hidden, groups=tracks, loop=True)
            for _ in range(blocks)
        )
        self.head = RollHead(layout, width)

    def forward(self, codes: Tensor) -> Tensor:
        """(batch, bars, tracks, code) -> (batch, time, octave, channel): see `sound`."""
        layout = self.layout
        heard = activate(self.hear(codes.flatten(2)[:, :, None]))
        shape = (layout.tracks, layout.patches_per_bar, layout.octaves, SEED_WIDTH)
        seed = self.unroll(heard).squeeze(2).unflatten(2, shape)
        seed = seed.permute(0, 1, 3, 4, 2, 5).flatten(4).flatten(1, 2)
        h = self.paint(seed)
        context = heard.squeeze(2).unflatten(2, (layout.tracks, -1))
        for block in self.blocks:
            h = block(h, context)
        logits: Tensor = self.head(activate(level(h, layout.tracks)))
        return logits


class Coder(nn.Module):
    """What reads cells of track × bar as codes, and plays codes.

    Args:
        layout: shape of the phrase.
        code: length of a code.
        width: channels of a track.
        hidden: channels between a code and a cell's picture.
        blocks: residual blocks of the decoder.
    """

    def __init__(
        self, layout: PatchLayout, code: int, width: int, hidden: int, blocks: int
    ) -> None:
        super().__init__()
        self.encoder = Encoder(layout, code, width, hidden)
        self.decoder = Decoder(layout, code, width, hidden, blocks)
        # a code tells harmony and rhythm by straight lines, so that whoever compares codes hears
        # what goes with what
        self.outline = TrackLinear(code, HARMONY + layout.patches_per_bar, layout.tracks)


def outlines(patches: Tensor, layout: PatchLayout) -> Tensor:
    """What codes are to tell plainly, (batch, bars, tracks, 24 + patches a bar), 0..1.

    How long each pitch class sounds in each half of a bar, as a share of it, and in which patches
    notes begin.
    """
    folded = fold(patches, layout).clamp(max=1)
    bars = folded.unflatten(1, (layout.bars, -1))
    # each (batch, bars, time, track, step, pitch class)
    sounds, begun = bars[..., SUSTAIN, :, :], bars[..., ONSET, :, :]
    harmony = sounds.unflatten(2, (HALVES, -1)).mean((3, 5))
    rhythm = begun.amax((4, 5))
    return torch.cat([harmony.transpose(2, 3).flatten(3), rhythm.transpose(2, 3)], 3)


def on_sphere(codes: Tensor) -> Tensor:
    """Codes brought to a root mean square of 1."""
    return F.rms_norm(codes, codes.shape[-1:], eps=NEARLY_NOTHING)


def sounds(codes: Tensor) -> Tensor:
    """Which of codes (..., code) are of cells that sound, (..., 1) of 0 or 1."""
    return codes.square().sum(-1, keepdim=True).sign()


def sounding(patches: Tensor, layout: PatchLayout) -> Tensor:
    """Which cells sound at all, (batch, tracks, bars) of 0 or 1."""
    loudest = layout.split(patches)[..., SUSTAIN, :, :].amax((2, 4, 5))
    cells: Tensor = loudest.unflatten(1, (layout.bars, -1)).amax(2).transpose(1, 2)
    return cells
