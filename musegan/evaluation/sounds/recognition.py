"""Whether the instrument of a sound is recognised, by a classifier trained on real ones.

The classification accuracy score of Ravuri & Vinyals ("Classification accuracy score for
conditional generative models", NeurIPS 2019) turned round, as GANSynth's evaluation has it: trained
on real sounds, asked of made ones.
"""

from __future__ import annotations

import numpy as np
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from musegan.song import FloatArray, IntArray

WEIGHT = 1.0  # of the likelihood beside the squared weights
STEPS = 500


class Listener:
    """A logistic regression that tells instruments by the `traits` of their sounds.

    Args:
        traits: (sounds, traits) of real sounds.
        instrument: (sounds,) their labels; where all are one, all is taken for that.
    """

    def __init__(self, traits: FloatArray, instrument: IntArray) -> None:
        if len(np.unique(instrument)) > 1:
            model = LogisticRegression(C=WEIGHT, max_iter=STEPS, class_weight="balanced")
        else:
            model = DummyClassifier()
        self.model: Pipeline = make_pipeline(StandardScaler(), model).fit(traits, instrument)

    def __call__(self, traits: FloatArray) -> IntArray:
        """(sounds,) the label each is taken for."""
        labels: IntArray = self.model.predict(traits).astype(np.int64)
        return labels
