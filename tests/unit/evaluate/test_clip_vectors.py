import numpy as np
import pytest
from PIL import Image

from packshot.core.errors import ModelError
from packshot.evaluate import clip_vectors
from packshot.evaluate.clip_vectors import MEAN, SPREAD, picture_vector, shown, text_vectors
from packshot.media.header import Header
from packshot.media.picture import Picture
from packshot.models import desk
from packshot.models.add import add_model
from packshot.models.clip import ImageHalf, TextHalf
from packshot.models.lanes import Answer
from packshot.testing.stand_in_models import tiny_cache
from packshot.testing.tiny_clip import tiny_clip

HALF = ImageHalf("float32", 224, 0, 8)


def picture(rgb):
    return Picture(Header("png", 1000, rgb.shape[1], rgb.shape[0]), np.ascontiguousarray(rgb))


def drawn(height, width, seed=1):
    """Smooth noise: what a filter leaves out shows."""
    small = np.random.default_rng(seed).integers(0, 256, (height // 20, width // 20, 3), dtype=np.uint8)
    return np.asarray(Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC))


@pytest.mark.parametrize("size", [(300, 300), (1800, 1200), (700, 2100), (120, 90)])
def test_a_picture_is_shown_as_openai_shows_it(size):
    rgb = drawn(*size)
    given = shown(picture(rgb), HALF)
    assert (given.shape, given.dtype) == ((1, 3, 224, 224), np.float32)
    # Resize of the shorter side and the square in the middle, of the native picture.
    short = min(size)
    left, top = (size[1] - short) / 2, (size[0] - short) / 2
    wanted = Image.fromarray(rgb).resize(
        (224, 224), Image.Resampling.BICUBIC, box=(left, top, left + short, top + short)
    )
    seen = given[0].transpose(1, 2, 0) * SPREAD + MEAN
    assert np.abs(seen * 255 - np.asarray(wanted, np.float32)).max() < 4


def test_what_stands_outside_the_square_in_the_middle_plays_no_part():
    rgb = np.full((100, 300, 3), 200, np.uint8)
    before = shown(picture(rgb), HALF)
    rgb[:, :90] = 0
    assert np.array_equal(shown(picture(rgb), HALF), before)
    for shape in ((1, 1), (1, 5000), (5000, 1)):
        assert shown(picture(np.zeros((*shape, 3), np.uint8)), ImageHalf("float16", 32, 0, 8)).dtype == np.float16


def test_a_text_fills_the_context_and_no_more():
    half = TextHalf("ids", "int32", "attention_mask", "int64", 4, 0, 8)
    given = half.inputs([7, 8], 0)
    assert given["ids"].tolist() == [[7, 8, 0, 0]]
    assert (given["ids"].dtype, given["attention_mask"].tolist()) == (np.int32, [[1, 1, 0, 0]])
    assert half.inputs([1, 2, 3, 4, 5], 9)["ids"].tolist() == [[1, 2, 3, 4]]


@pytest.fixture
def clip(tmp_path, monkeypatch):
    for name in ("onnxruntime", "tokenizers"):
        pytest.importorskip(name, reason="the extra `models` is not installed")
    for name, value in tiny_cache(tmp_path / "cache").items():
        monkeypatch.setenv(name, value)
    made = tiny_clip(tmp_path / "clip", mask=True)
    add_model("clip-image", made.image)
    add_model("clip-text", made.text)
    desk.use(None)
    yield made
    desk.use(None)


@pytest.mark.usefixtures("clip")
def test_pictures_and_texts_lie_together_and_alone_is_as_among_others():
    red, blue = (picture_vector(picture(np.full((50, 50, 3), c, np.uint8))) for c in ((255, 0, 0), (0, 0, 255)))
    texts = text_vectors(["red", "blue", "red " * 100])
    np.testing.assert_allclose(np.linalg.norm([red, blue, *texts], axis=1), 1, atol=1e-3)
    assert texts[0] @ red > texts[0] @ blue
    assert texts[1] @ blue > texts[1] @ red
    assert (text_vectors(["blue"])[0] == texts[1]).all()


@pytest.mark.usefixtures("clip")
@pytest.mark.parametrize("answer", [np.full((1, 8), np.nan), np.zeros((1, 9)), np.zeros((2, 8))])
def test_an_answer_that_is_no_vector_is_an_error(monkeypatch, answer):
    monkeypatch.setattr(clip_vectors.desk, "run", lambda *_: Answer((answer,), 0).outputs)
    with pytest.raises(ModelError, match="8 finite numbers"):
        text_vectors(["red"])
