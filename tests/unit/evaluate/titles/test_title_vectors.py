import numpy as np
import pytest

from packshot.evaluate.titles import title_vectors
from packshot.models import desk
from packshot.testing.stand_in_models import tiny_cache

pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
pytest.importorskip("tokenizers", reason="tokenizers is not installed")


@pytest.fixture(autouse=True)
def models(tmp_path, monkeypatch):
    for name, value in tiny_cache(tmp_path).items():
        monkeypatch.setenv(name, value)
    title_vectors._tokenizer.cache_clear()
    desk.use(None)
    yield
    title_vectors._tokenizer.cache_clear()
    desk.use(None)


def test_vectors_have_length_one_and_do_not_depend_on_their_neighbours():
    found = title_vectors.text_vectors(["a mug", "b", "long words " * 100])
    np.testing.assert_allclose(np.linalg.norm(found.astype(float), axis=1), 1, atol=1e-2)
    assert (found[0] == title_vectors.text_vectors(["a mug"])[0]).all()
    assert (found[0] != found[1]).any()
