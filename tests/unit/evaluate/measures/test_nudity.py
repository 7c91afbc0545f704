import numpy as np
import pytest

from packshot.evaluate.measures.nudity import Nudity
from packshot.models import desk
from packshot.models.lanes import Answer


class Says:
    def __init__(self, value):
        self.value = value

    def ask(self, model, inputs):
        self.model, self.inputs = model, inputs
        return Answer((np.array([[1 - self.value, self.value]], np.float32),), 1)


@pytest.fixture
def says():
    def use(value):
        one = Says(value)
        desk.use(one)
        return one

    yield use
    desk.use(None)


def test_the_second_output_is_the_probability(studio, says):
    says(0.25)
    assert Nudity().measure(studio.picture(studio.product())) == {"nudity_probability": 0.25}


def test_the_model_sees_blue_first_without_its_means(studio, says):
    one = says(0.0)
    Nudity().measure(studio.picture(np.full((300, 500, 3), (10, 20, 30), np.uint8)))
    assert one.model == "open-nsfw"
    assert one.inputs.shape == (1, 224, 224, 3)
    assert one.inputs[0, 0, 0] == pytest.approx((30 - 104, 20 - 117, 10 - 123))


def test_a_number_beside_the_range_is_brought_into_it(studio, says):
    says(1.0000001)
    assert Nudity().measure(studio.picture(studio.product())) == {"nudity_probability": 1.0}
