import numpy as np

from musegan.data.meters import keys_at
from musegan.song import Key, Multitrack


def test_keys_have_the_names_musicians_give_them():
    names = {
        (0, False): "C major", (0, True): "A minor", (1, False): "G major", (-1, True): "D minor",
        (-2, False): "Bb major", (6, False): "F# major", (7, False): "C# major",
        (-7, False): "Cb major", (7, True): "A# minor", (-7, True): "Ab minor",
    }  # fmt: skip
    for (fifths, minor), name in names.items():
        music = Multitrack((), keys=(Key(480, fifths, minor),))
        assert keys_at(music, np.array([0, 479, 480, 999])) == [None, None, name, name]
    assert keys_at(Multitrack(()), np.arange(3)) == [None] * 3
