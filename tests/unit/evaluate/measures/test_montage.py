import numpy as np
import pytest

from packshot.evaluate.feature_maps import FeatureMaps, feature_maps
from packshot.evaluate.measures.montage import Montage
from packshot.evaluate.put_together import HEAD, traits
from packshot.evaluate.seams import COUNT
from packshot.models.own import arrays_of


def shown(studio, level=0.0, share=1.0):
    picture = studio.picture(studio.product())
    maps = [np.full((n, 352 // s, 352 // s), level, np.float32) for s, n in ((4, 24), (8, 40), (16, 112), (32, 320))]
    for one in maps:
        one[:, :, round(one.shape[2] * share) :] = 99
    picture._shared |= {feature_maps: FeatureMaps(*maps, share, 1.0)}
    return picture


def test_it_gives_a_probability(studio):
    assert 0 < Montage().measure(shown(studio))["collage_probability"] < 1


def test_traits_are_of_what_shows_the_picture_alone(studio):
    found = traits(shown(studio, 0.5, 6 / 11))
    assert found.shape == arrays_of(HEAD)["weights"].shape
    assert found[COUNT : COUNT + 320] == pytest.approx(0.5)
    assert found[COUNT + 320 : COUNT + 640] == pytest.approx(0)
