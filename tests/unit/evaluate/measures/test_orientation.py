import numpy as np
import pytest

from packshot.evaluate.measures.orientation import TURNS, Orientation, looked, turned
from packshot.media.header import Header
from packshot.media.picture import Picture
from packshot.models import desk
from packshot.models.lanes import Answer

CHANNELS = {4: 24, 8: 40, 16: 112, 32: 320}


class SeesTheRedSide:
    """A trunk whose map is the picture's own red, and a tail that finds the top where the red is."""

    def __init__(self, *, steep=20.0, lies_at_first=False):
        self.steep, self.lies, self.looks = steep, lies_at_first, 0

    def ask(self, model, inputs):
        if model == "efficientnet-lite0-maps":
            height, width = inputs.shape[2:]
            maps = {s: np.zeros((1, n, height // s, width // s), np.float32) for s, n in CHANNELS.items()}
            maps[16][0, 0] = inputs[0, 0].reshape(height // 16, 16, width // 16, 16).mean(axis=(1, 3))
            return Answer(tuple(maps.values()), 1)
        self.looks += 1
        seen = inputs["stride_16"][0, 0]
        rows, columns = (np.array_split(seen, 2, axis=axis) for axis in (0, 1))
        top, bottom, left, right = (one.mean() for one in (*rows, *columns))
        # Red at the left is a picture that was turned anticlockwise by one quarter: clockwise by 90 sets it upright.
        scores = np.array([top, left, bottom, right]) * self.steep
        if self.lies and self.looks == 1:
            scores = scores[::-1]
        return Answer((scores[None].astype(np.float32),), 1)


@pytest.fixture
def asked():
    def asked(**how):
        found = SeesTheRedSide(**how)
        desk.use(found)
        return found

    yield asked
    desk.use(None)


def picture(quarters=0, size=(352, 352)):
    rgb = np.zeros((*size, 3), np.uint8)
    rgb[: size[0] // 2, :, 0] = 255
    rgb = np.ascontiguousarray(np.rot90(rgb, quarters))
    return Picture(Header("png", 1, rgb.shape[1], rgb.shape[0]), rgb)


@pytest.mark.parametrize("quarters", range(TURNS))
def test_a_picture_turned_anticlockwise_is_to_be_turned_clockwise_by_as_much(asked, quarters):
    asked()
    found = Orientation().measure(picture(quarters))
    assert found["orientation_degrees"] == 90 * quarters
    assert found["orientation_confidence"] > 0.99


def test_one_look_is_enough_for_what_looks_upright_and_a_suspected_turn_takes_four(asked):
    seen = asked()
    Orientation().measure(picture())
    assert seen.looks == 1
    Orientation().measure(picture(2))
    assert seen.looks == 1 + TURNS


def test_three_more_looks_overrule_one_that_erred(asked):
    asked(lies_at_first=True)
    assert Orientation().measure(picture())["orientation_degrees"] == 0


def test_what_looks_the_same_from_every_side_has_no_answer(asked):
    asked()
    rgb = np.full((400, 400, 3), 255, np.uint8)
    found = Orientation().measure(Picture(Header("png", 1, 400, 400), rgb))
    assert found["orientation_degrees"] is None
    assert found["orientation_confidence"] < 0.5


@pytest.mark.parametrize("size", [(1, 1), (1, 9000), (9000, 1), (37, 5)])
def test_odd_shapes_have_an_answer_or_none_and_never_an_error(asked, size):
    asked()
    found = Orientation().measure(picture(size=size))
    assert 0.24 < found["orientation_confidence"] <= 1


def test_looks_are_logs_of_shares_and_turning_leaves_the_picture_as_it_is(asked):
    asked()
    one = picture()
    before = one.rgb.copy()
    assert np.exp(looked(turned(one, 1))).sum() == pytest.approx(1)
    assert (one.rgb == before).all()
