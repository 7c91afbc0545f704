import pytest

from packshot.evaluate import suite
from packshot.models import desk
from packshot.models.add import add_model
from packshot.models.usable import lacking
from packshot.testing import every_measure
from packshot.testing.stand_in_models import tiny_cache
from packshot.testing.tiny_clip import tiny_clip

MEASURES = suite.known_measures()


@pytest.fixture(scope="module", autouse=True)
def _stand_ins(tmp_path_factory):
    """Small models in the place of the real ones: whatever the weights say, a measure keeps its promises."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in tiny_cache(tmp_path_factory.mktemp("models")).items():
            patch.setenv(name, value)
        if not lacking((), ("onnxruntime", "tokenizers")):
            clip = tiny_clip(tmp_path_factory.mktemp("clip"))
            add_model("clip-image", clip.image)
            add_model("clip-text", clip.text)
        yield
    desk.use(None)


@pytest.mark.parametrize("name", MEASURES)
def test_measure_follows_the_contract(name):
    measure = MEASURES[name]
    if missing := lacking(measure.models, measure.libraries):
        pytest.skip(f"not here: {', '.join(missing)}")
    every_measure.follows_the_contract(measure)
