import numpy as np
import pytest
import torch

from musegan.models.coder import Coder, outlines
from musegan.models.patches import to_patches
from musegan.models.sounding import HOLD
from musegan.pianoroll import ONSET, Phrases
from musegan.training.coding_losses import misheard, mistold
from tests.models.toys import LAYOUT


def test_misheard_notes_by_hand():
    notes = [(0, 0, 2, 40, 127), (0, 4, 1, 40, 127)]
    patches = to_patches(Phrases.of([notes], LAYOUT.grid, LAYOUT.bars), LAYOUT)
    logits = torch.zeros(LAYOUT.shape(1))
    LAYOUT.split(logits)[..., ONSET, :, :] = -50
    LAYOUT.split(logits)[..., HOLD, :, :] = 1.0
    found = {name: float(value) for name, value in misheard(logits, patches, LAYOUT).items()}
    # both onsets missed at double weight; one hold right and two ends wrong; even velocities
    assert found["onset"] == pytest.approx(100)
    right, wrong = np.log1p(np.exp(-1)), np.log1p(np.exp(1))
    assert found["hold"] == pytest.approx((right + 2 * wrong) / 2, rel=1e-5)
    assert found["velocity"] == pytest.approx(np.log(2), rel=1e-5)


def test_silent_cells_are_not_taught():
    notes = [(0, 0, 2, 40, 127)]
    patches = to_patches(Phrases.of([notes], LAYOUT.grid, LAYOUT.bars), LAYOUT)
    logits = torch.full(LAYOUT.shape(1), -50.0)
    noise = logits.clone()
    noise[:, LAYOUT.patches_per_bar :] = 50
    LAYOUT.split(noise)[:, :, :, 1] = 50
    before, after = (misheard(each, patches, LAYOUT)["onset"] for each in (logits, noise))
    assert before == after


def test_mistold_outlines_by_hand():
    notes = [(0, 0, 2, 40, 127), (0, 4, 1, 40, 127)]
    patches = to_patches(Phrases.of([notes], LAYOUT.grid, LAYOUT.bars), LAYOUT)
    coder = Coder(LAYOUT, 6, width=4, hidden=8, blocks=1)
    coder.outline.weight.data.zero_()  # all is as likely as not
    found = mistold(coder, coder.encoder(patches), patches)
    told = outlines(patches, LAYOUT).shape[3]
    # of the one cell that sounds, for each of its two notes
    assert float(found.detach()) == pytest.approx(told * np.log(2) / 2, rel=1e-5)
