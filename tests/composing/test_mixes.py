import pytest
import torch

from musegan.composing.mixes import mix_shares
from musegan.errors import MuseganError

NAMES = ("flute", "horn", "saw")


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("horn", [0, 1, 0]),
        ("flute:0.5,saw:0.5", [0.5, 0, 0.5]),
        (" saw : 3 , flute", [0.25, 0, 0.75]),
        ("Horn,SAW", [0, 0.5, 0.5]),
        ("horn:1e300,saw:1e300", [0, 0.5, 0.5]),
        ("horn,horn,saw:2", [0, 0.5, 0.5]),
    ],
)
def test_shares_add_up_to_one(text, shares):
    assert torch.equal(mix_shares(text, NAMES, "instrument", "toy"), torch.tensor(shares).float())


def test_an_unknown_name_is_told_those_there_are():
    with pytest.raises(MuseganError, match=r"no instrument 'oboe': toy knows flute, horn, saw"):
        mix_shares("horn:1,oboe:2", NAMES, "instrument", "toy")


@pytest.mark.parametrize("weight", ["0", "-1", "nan", "inf", "loud"])
def test_weights_that_are_no_positive_numbers_are_told(weight):
    with pytest.raises(MuseganError, match=rf"weight of instrument 'saw' .* not '{weight}'"):
        mix_shares(f"saw:{weight}", NAMES, "instrument", "toy")
