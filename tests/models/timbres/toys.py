"""Small notes and networks for all tests of timbres."""

import torch

from musegan.audio.partials.layout import NoteLayout, layout_of
from musegan.models.timbres.critic import TimbreCritic
from musegan.models.timbres.spec import TimbreSizes, TimbreSpec, build_timbre_generator

LAYOUT = NoteLayout(frames=32, partials=16, bands=16)
RANGES = {"flute": (60, 84), "horn": (36, 72), "saw": (24, 96)}
SPEC = TimbreSpec(
    name="toy",
    layout=LAYOUT,
    ranges=RANGES,
    generator=TimbreSizes(latent=4, width=8, blocks=1, context=8),
)


def toy_timbre_generator(seed: int = 0):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return build_timbre_generator(SPEC)


def toy_timbre_critic(seed: int = 0):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return TimbreCritic(LAYOUT, len(RANGES), 8, (1, 1))


def wishes(batch: int, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Latents, instruments and pitches."""
    random = torch.Generator().manual_seed(seed)
    instrument = torch.eye(3)[torch.arange(batch) % 3]
    pitch = 60.0 + torch.arange(batch) % 12
    return torch.randn(batch, 4, generator=random), instrument, pitch


HITS = TimbreSpec(
    name="toy-hits",
    layout=layout_of(16_000, pitched=False),
    ranges=dict.fromkeys(("cymbal", "kick", "percussion", "snare", "tom"), (60, 60)),
    generator=TimbreSizes(latent=4, width=8, blocks=1, context=8),
)


def toy_hit_generator(seed: int = 0):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return build_timbre_generator(HITS)
