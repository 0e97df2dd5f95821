"""The networks of MuseGAN's PyTorch notebook, written from their description.

Generator: transposed 3-D convolutions of 256, 128, 64 and 32 channels shared by the tracks, then 16
and 1 for each; batch norm and ReLU. Critic: the same mirrored, with layer norm. Latents of 128; 4
bars of 16 steps and 72 pitches; Adam at 1e-3 with betas (0.5, 0.9), gradient penalty of 10, one
critic step. With 5 tracks they have 313,951 and 204,321 parameters.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

BARS, STEPS, PITCHES = 4, 16, 72
LATENT, BATCH = 128, 16
RATE, BETAS, PENALTY = 1e-3, (0.5, 0.9), 10.0
Size = tuple[int, int, int]


class LayerNorm(nn.Module):
    """Normalise a whole phrase, then scale and shift each channel."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(channels))
        self.shift = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        """(batch, channel, bar, step, pitch), its shape unchanged."""
        scale, shift = (p[:, None, None, None] for p in (self.scale, self.shift))
        return torch.addcmul(shift, F.layer_norm(x, x.shape[1:]), scale)


def grow(inputs: int, outputs: int, kernel: Size, stride: Size | None = None) -> nn.Module:
    """A block of the generator, which grows the phrase by its stride."""
    layer = nn.ConvTranspose3d(inputs, outputs, kernel, stride or kernel)
    return nn.Sequential(layer, nn.BatchNorm3d(outputs), nn.ReLU())


def shrink(inputs: int, outputs: int, kernel: Size, stride: Size | None = None) -> nn.Module:
    """A block of the critic, which shrinks it."""
    layer = nn.Conv3d(inputs, outputs, kernel, stride or kernel)
    return nn.Sequential(layer, LayerNorm(outputs), nn.LeakyReLU())


class Generator(nn.Module):
    """(batch, 128) latents -> (batch, track, 64 steps, 72 pitches)."""

    def __init__(self, tracks: int) -> None:
        super().__init__()
        self.shared = nn.Sequential(
            grow(LATENT, 256, (4, 1, 1)),
            grow(256, 128, (1, 4, 1)),
            grow(128, 64, (1, 1, 4)),
            grow(64, 32, (1, 1, 3), (1, 1, 1)),
        )
        self.tracks = nn.ModuleList(
            nn.Sequential(grow(32, 16, (1, 4, 1)), grow(16, 1, (1, 1, 12))) for _ in range(tracks)
        )

    def forward(self, latents: Tensor) -> Tensor:
        """Compose."""
        h = self.shared(latents[:, :, None, None, None])
        return torch.cat([track(h) for track in self.tracks], 1).flatten(2, 3)


class Critic(nn.Module):
    """(batch, track, 64 steps, 72 pitches) -> (batch, 1) scores."""

    def __init__(self, tracks: int) -> None:
        super().__init__()
        self.tracks = nn.ModuleList(
            nn.Sequential(shrink(1, 16, (1, 1, 12)), shrink(16, 16, (1, 4, 1)))
            for _ in range(tracks)
        )
        self.shared = nn.Sequential(
            shrink(16 * tracks, 64, (1, 1, 3), (1, 1, 1)),
            shrink(64, 64, (1, 1, 4)),
            shrink(64, 128, (1, 4, 1)),
            shrink(128, 128, (2, 1, 1), (1, 1, 1)),
            shrink(128, 256, (3, 1, 1)),
        )
        self.score = nn.Linear(256, 1)

    def forward(self, rolls: Tensor) -> Tensor:
        """Judge."""
        bars = rolls.unflatten(2, (BARS, STEPS))
        h = torch.cat([track(bars[:, i : i + 1]) for i, track in enumerate(self.tracks)], 1)
        score: Tensor = self.score(self.shared(h).flatten(1))
        return score


class Notebook:
    """One training of both networks, a plain loop as a tutorial writes it.

    Args:
        tracks: tracks of the rolls.
    """

    def __init__(self, tracks: int) -> None:
        self.generator, self.critic = Generator(tracks), Critic(tracks)
        self.adam = torch.optim.Adam(self.generator.parameters(), RATE, BETAS)
        self.critic_adam = torch.optim.Adam(self.critic.parameters(), RATE, BETAS)

    def step(self, real: Tensor) -> None:
        """One step of WGAN-GP on (batch, track, 64 steps, 72 pitches) real rolls."""
        self.critic_adam.zero_grad()
        made = self.generator(torch.randn(len(real), LATENT))
        loss = self.critic(made.detach()).mean() - self.critic(real).mean()
        share = torch.rand(len(real), 1, 1, 1)
        between = (share * real + (1 - share) * made.detach()).requires_grad_()
        (slope,) = torch.autograd.grad(self.critic(between).sum(), between, create_graph=True)
        loss = loss + PENALTY * (slope.flatten(1).norm(dim=1) - 1).square().mean()
        loss.backward()
        self.critic_adam.step()
        self.adam.zero_grad()
        (-self.critic(made).mean()).backward()
        self.adam.step()
