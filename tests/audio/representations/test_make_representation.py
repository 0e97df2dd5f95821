import pytest
import torch

from musegan.audio.representations import REPRESENTATIONS, make_representation
from musegan.errors import MuseganError
from tests.audio.tones import plucks

KINDS = sorted(REPRESENTATIONS)


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("samples", [256, 2048, 2000])
def test_shapes_are_as_told(name: str, samples: int) -> None:
    representation = make_representation(name)
    spectrograms = representation(plucks(samples))
    assert spectrograms.shape == (4, *representation.shape(samples))
    assert spectrograms.shape[1:3] == (len(representation.channels), representation.bins)
    assert representation.frequencies.shape == (representation.bins,)
    assert (representation.frequencies.diff() > 0).all()
    if samples > 512:  # Griffin-Lim mirrors the ends, and needs something to mirror
        assert representation.inverse(spectrograms).shape == (4, -(-samples // 256) * 256)


@pytest.mark.parametrize("name", KINDS)
def test_values_are_what_a_network_likes(name: str) -> None:
    spectrograms = make_representation(name)(plucks(4096))
    assert spectrograms.dtype == torch.float32
    assert -1 <= spectrograms.min() < 0 < spectrograms.max() <= 1


@pytest.mark.parametrize("name", KINDS)
def test_sounds_of_a_batch_do_not_touch_each_other(name: str) -> None:
    waves = plucks(4096)
    representation = make_representation(name)
    together = representation.inverse(representation(waves))
    alone = representation.inverse(representation(waves[2:3]))
    torch.testing.assert_close(together[2:3], alone, rtol=0, atol=1e-3)


@pytest.mark.parametrize("name", KINDS)
def test_a_description_makes_the_same_one(name: str) -> None:
    one = make_representation(name, rate=8000, window=512, hop=128, floor=80.0)
    other = make_representation(**one.describe())
    assert other.describe() == one.describe()
    waves = plucks(2048)
    torch.testing.assert_close(one(waves), other(waves), rtol=0, atol=0)


@pytest.mark.parametrize("name", KINDS)
def test_a_representation_leaves_nothing_in_a_checkpoint(name: str) -> None:
    names = make_representation(name).state_dict()
    assert not [each for each in names if each.startswith(("stft", "axis", "frequencies"))]


def test_what_does_not_exist_is_told() -> None:
    with pytest.raises(MuseganError, match="no representation 'cqt'; there are log-mel, stft-if"):
        make_representation("cqt")
    with pytest.raises(MuseganError, match="floor 0"):
        make_representation("mel-if", floor=0)
    with pytest.raises(MuseganError, match="hop 1024"):
        make_representation("mel-if", hop=1024)


@pytest.mark.gpu
@pytest.mark.parametrize("name", KINDS)
def test_it_works_on_a_gpu_as_on_a_cpu(name: str) -> None:
    waves = plucks(4096)
    representation = make_representation(name)
    here = representation(waves)
    there = representation.to("cuda")(waves.to("cuda"))
    # phases of next to nothing are chance
    loud = here[:, 0] > -0.5
    torch.testing.assert_close(there[:, 0].cpu()[loud], here[:, 0][loud], rtol=0, atol=1e-3)
    assert representation.inverse(there).device.type == "cuda"
