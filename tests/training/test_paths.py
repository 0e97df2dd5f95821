import pytest
import torch

from musegan.training.chance import Chance
from musegan.training.paths import Paths
from musegan.training.ranks import ALONE
from musegan.training.roll_contest import ROLLS, RollBatch
from tests.models.toys import HYBRID, LAYOUT, styles_of, toy_generator, toy_latents

NOTHING = torch.zeros(LAYOUT.shape(3))
BATCH = RollBatch(
    NOTHING, styles_of(0, 1, 2), torch.zeros(3, 2, 2), NOTHING, toy_latents(3, HYBRID)
)


def test_lengths_are_held_to_their_running_mean():
    paths = Paths()
    paths.remember(torch.tensor([1.0, 3.0]), 0.9, ALONE)
    assert paths.tensors["mean"] == 2
    paths.remember(torch.tensor([12.0]), 0.9, ALONE)
    assert paths.tensors["mean"].item() == pytest.approx(3)
    assert paths.pull(torch.tensor([1.0, 4.0])).item() == pytest.approx((4 + 1) / 2)


def test_the_paths_of_phrases_can_be_made_shorter():
    generator = toy_generator()
    lengths = ROLLS.paths(generator, BATCH, Chance(0, of=3))
    assert lengths.shape == (3,)
    assert (lengths > 0).all()
    lengths.sum().backward()
    assert any(weight.grad is not None and weight.grad.any() for weight in generator.parameters())


def test_lengths_are_finite_differences_along_the_slope():
    generator = toy_generator().double()
    latents = toy_latents(1)
    double = type(latents)(*(part.double() for part in latents.parts))
    given = torch.zeros(LAYOUT.shape(1)).double()
    batch = RollBatch(given, styles_of(0).double(), torch.zeros(1, 2, 2).double(), given, double)
    nudge = torch.zeros(8).double()
    generator.mapping.register_forward_hook(lambda layer, heard, style: style + nudge)
    noise = Chance(0, of=1).normal(*LAYOUT.shape(1)[1:]).double()

    def projected() -> float:
        with torch.no_grad():
            logits = generator(double, batch.style, batch.given, batch.mask)
            return ((logits * noise).sum() / logits[0].numel() ** 0.5).item()

    square = 0.0
    for place in range(8):
        ends = []
        for side in (1e-5, -1e-5):
            nudge.zero_()
            nudge[place] = side
            ends.append(projected())
        square += ((ends[0] - ends[1]) / 2e-5) ** 2
    nudge.zero_()
    length = ROLLS.paths(generator, batch, Chance(0, of=1))
    assert length.item() == pytest.approx(square**0.5, rel=1e-3)
