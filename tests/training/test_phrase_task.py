from dataclasses import replace

import numpy as np

from musegan.training.phrase_task import fingerprint

from .corpus import toy_corpus


def test_a_fingerprint_tells_datasets_apart():
    data = toy_corpus(16)
    louder = replace(data.phrases, velocity=data.phrases.velocity + np.uint8(1))
    others = [
        toy_corpus(17),
        toy_corpus(16, seed=1),
        replace(data, style=1 - data.style),
        replace(data, phrases=louder),
    ]
    assert fingerprint(data) == fingerprint(toy_corpus(16))
    assert len({fingerprint(each) for each in (data, *others)}) == 5
