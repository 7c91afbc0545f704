import numpy as np
import pytest

from packshot.models import desk
from packshot.models.lanes import Answer


class Salience:
    """Stands in for the model that masks: what is green and nothing else is the product."""

    def __init__(self):
        self.asked = []

    def ask(self, model, inputs):
        self.asked.append((model, inputs.shape))
        red, green, blue = inputs[0]
        seen = np.clip(green - np.maximum(red, blue), 0, 1)[::2, ::2]
        return Answer((seen[None, None].astype(np.float32),), 0)


@pytest.fixture
def salience():
    stand_in = Salience()
    desk.use(stand_in)
    yield stand_in
    desk.use(None)
