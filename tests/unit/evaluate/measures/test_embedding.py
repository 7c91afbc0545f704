import numpy as np
import pytest

from packshot.evaluate.features import seen
from packshot.evaluate.measures import embedding
from packshot.evaluate.measures.embedding import Embedding
from packshot.models import desk
from packshot.models.lanes import Answer
from packshot.testing import every_measure


class Classifier:
    """Features and logits that follow from the mean colour."""

    asked = 0

    def ask(self, model, inputs):
        assert model == "efficientnet-lite0"
        assert inputs.shape == (1, 3, 224, 224)
        assert inputs.dtype == np.float32
        self.asked += 1
        mean = inputs.mean(axis=(2, 3))
        return Answer((np.repeat(mean, 427, axis=1)[:, :1280], np.repeat(mean, 334, axis=1)[:, :1000] * 3), 0)


@pytest.fixture
def classifier(monkeypatch):
    made = Classifier()
    monkeypatch.setattr(embedding, "class_names", lambda: tuple(f"thing {n}" for n in range(1000)))
    desk.use(made)
    yield made
    desk.use(None)


@pytest.mark.usefixtures("classifier")
def test_embedding_follows_the_contract():
    every_measure.follows_the_contract(Embedding())


def test_the_class_is_the_likeliest_and_the_model_runs_once(classifier, studio):
    red = studio.picture(np.full((300, 200, 3), (255, 0, 0), np.uint8))
    found = Embedding().measure(red)
    assert classifier.asked == 1
    assert found["category_top"] == "thing 0"
    assert 0 < found["category_confidence"] < 1
    assert len(found["efficientnet_lite0"]) == 2560


@pytest.mark.parametrize("size", [(1, 1), (1, 20000), (3000, 40), (224, 224), (1200, 900)])
def test_the_whole_picture_is_seen_whatever_its_shape(studio, size):
    rgb = np.zeros((*size, 3), np.uint8)
    rgb[: size[0] // 2 + 1] = 255
    shown = seen(studio.picture(rgb))
    assert shown.shape == (1, 3, 224, 224)
    assert shown.max() == 1
    assert shown[0, 0, 0].min() == 1
