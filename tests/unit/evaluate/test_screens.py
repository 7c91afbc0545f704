import numpy as np
import pytest

from packshot.evaluate import screens
from packshot.evaluate.faces import MODEL as FACES
from packshot.evaluate.faces import found_faces
from packshot.evaluate.feature_maps import MODEL as MAPS
from packshot.evaluate.measures.nudity import MODEL as NUDITY
from packshot.evaluate.measures.nudity import Nudity
from packshot.evaluate.measures.text import Text
from packshot.evaluate.suite import under_screens, wanted, without_screens
from packshot.evaluate.text_boxes import DETECTOR
from packshot.media.header import Header
from packshot.media.picture import Picture
from packshot.models import desk
from packshot.models.lanes import Answer

GREY, SKIN = (120, 120, 120), (220, 170, 140)


class Stand:
    """The trunk, and screens that say what they are told; no other model may be asked."""

    def __init__(self, words, face):
        self.told, self.asked = (words, face), []

    def ask(self, model, inputs):
        self.asked.append(model)
        if model == f"own/{screens.HEAD}":
            height, width = inputs["stride8"].shape[2:]
            planes = [np.zeros((1, 1, height, width), np.float32) for _ in self.told]
            for plane, level in zip(planes, self.told, strict=True):
                plane[0, 0, 3, 2] = level
                plane[0, 0, -1, -1] = 1.0  # what is seen in the filling is not in the picture
            return Answer(tuple(planes), 0)
        if model == MAPS:
            height, width = inputs.shape[2:]
            maps = ((24, 4), (40, 8), (112, 16), (320, 32))
            return Answer(tuple(np.zeros((1, c, height // s, width // s), np.float32) for c, s in maps), 0)
        if model == NUDITY:
            return Answer((np.array([[0.75, 0.25]], np.float32),), 0)
        if model == FACES:
            height, width = (side // 4 for side in inputs.shape[2:])
            return Answer(tuple(np.zeros((1, c, height, width), np.float32) for c in (1, 2, 2, 10)), 0)
        assert model == DETECTOR
        return Answer((np.zeros((1, 1, *inputs.shape[2:]), np.float32),), 0)


@pytest.fixture
def look():
    def sit(words=0.0, face=0.0):
        stand = Stand(words, face)
        desk.use(stand)
        return stand

    with screens.screening(on=True):
        yield sit
    desk.use(None)


def picture(colour=GREY, size=(300, 400)):
    return Picture(Header("png", 1000, size[1], size[0]), np.full((*size, 3), colour, np.uint8))


def test_what_shows_nothing_spares_every_model(look):
    stand, one = look(), picture()
    assert found_faces(one) == ()
    assert Nudity().measure(one) == {"nudity_probability": 0.0}
    found = Text().measure(one)
    assert found["text_words"] == ()
    assert found["overlay_text_confidence"] == 0.0
    assert stand.asked == [MAPS, f"own/{screens.HEAD}"], "one look for all"


def test_what_may_show_something_is_looked_at(look):
    stand, one = look(words=screens.WORDS_FROM + 0.01, face=screens.FACES_FROM + 0.01), picture()
    found_faces(one)
    Text().measure(one)
    assert Nudity().measure(one) == {"nudity_probability": 0.25}
    assert {FACES, DETECTOR, NUDITY} <= set(stand.asked)


def test_a_patch_of_skin_is_looked_at_without_a_face(look):
    stand = look()
    assert Nudity().measure(picture(SKIN)) == {"nudity_probability": 0.25}
    assert NUDITY in stand.asked


def test_thorough_asks_no_screen(look):
    stand, one = look(), picture()
    with screens.screening(on=False):
        found_faces(one)
        Text().measure(one)
        Nudity().measure(one)
    assert stand.asked == [FACES, DETECTOR, NUDITY]


@pytest.mark.parametrize("size", [(1, 1), (1, 20_000), (9_000, 2)])
def test_any_size_goes_through(look, size):
    stand = look()
    found_faces(picture(size=size))
    assert f"own/{screens.HEAD}" in stand.asked


def test_the_version_tells_of_the_screen_and_both_are_held():
    full = {"faces": "1+centerface@1", "sharpness": 3}
    told = under_screens(full)
    assert told == {"faces": f"1+centerface@1 {screens.mark()}", "sharpness": 3}
    assert without_screens(told) == full
    assert without_screens({"faces": "1+centerface@1 screens@another"}) != full, "other screens are not these"
    assert wanted({}) == {}
