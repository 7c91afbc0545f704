import numpy as np
import pytest

from packshot.evaluate.features import Features, image_features
from packshot.evaluate.measures.main_fit import HEAD, MainFit
from packshot.models.own import arrays_of


def measured(studio, features):
    picture = studio.picture(studio.product())
    picture._shared |= {image_features: Features(features, np.zeros(1000, np.float32))}
    return MainFit().measure(picture)["main_fit"]


def test_features_that_speak_for_it_fit_better_than_those_against(studio):
    weights = arrays_of(HEAD)["weights"]
    for_it, against = np.maximum(weights, 0) ** 2, np.maximum(-weights, 0) ** 2
    assert 0 < measured(studio, against) < 0.3
    assert 0.7 < measured(studio, for_it) < 1


def test_features_of_nothing_give_a_number_too(studio):
    nothing = measured(studio, np.zeros(1280, np.float32))
    assert nothing == pytest.approx(1 / (1 + np.exp(arrays_of(HEAD)["middle"][0])))
