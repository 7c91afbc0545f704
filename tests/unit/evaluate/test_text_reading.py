import cv2
import numpy as np
import pytest

from packshot.evaluate import text_reading
from packshot.evaluate.text_boxes import TextBox
from packshot.evaluate.text_reading import plain, read, straightened
from packshot.media.header import Header
from packshot.media.picture import Picture
from packshot.models import desk
from packshot.models.lanes import Answer

LETTERS = ("", "a", "b", "c", " ")


class Reader:
    """Stands in for the recogniser: gives the same steps for every line, and notes what it was shown."""

    def __init__(self, codes, sure=0.9):
        self.codes, self.sure, self.shapes = codes, sure, []

    def ask(self, _model, inputs):
        self.shapes.append(inputs.shape)
        out = np.full((len(inputs), len(self.codes), len(LETTERS)), (1 - self.sure) / 4, np.float32)
        for step, code in enumerate(self.codes):
            out[:, step, code] = self.sure
        return Answer((out,), 0)


@pytest.fixture
def says(monkeypatch):
    monkeypatch.setattr(text_reading, "characters", lambda: LETTERS)

    def made(*codes, sure=0.9):
        reader = Reader(codes, sure)
        desk.use(reader)
        return reader

    yield made
    desk.use(None)


def box(x, y, length, height, *, standing=False):
    corners = np.array([[x, y], [x + length, y], [x + length, y + height], [x, y + height]], np.float32)
    return TextBox(corners, 0.9, standing)


def picture():
    return Picture(Header("png", 100, 800, 600), np.full((600, 800, 3), 200, np.uint8))


def test_repeats_and_blanks_are_dropped(says):
    says(1, 1, 0, 1, 2, 2, 0, 0, 4, 3)
    (reading,) = read(picture(), [box(10, 10, 300, 48)])
    assert reading.text == "aab c"
    assert reading.confidence == pytest.approx(0.9)


def test_nothing_but_blanks_is_nothing(says):
    says(0, 0, 0)
    (reading,) = read(picture(), [box(10, 10, 300, 48)])
    assert (reading.text, reading.confidence) == ("", 0.0)


def test_lines_of_like_width_are_read_together_and_answers_keep_their_order(says):
    reader = says(1)
    readings = read(picture(), [box(0, 0, 96, 48), box(0, 60, 700, 48), box(0, 120, 100, 48)])
    assert [one.text for one in readings] == ["a", "a", "a"]
    assert sorted(reader.shapes) == [(1, 3, 48, 704), (2, 3, 48, 128)]


def test_a_standing_line_is_read_both_ways(says):
    reader = says(1)
    assert len(read(picture(), [box(0, 0, 96, 48, standing=True)])) == 1
    assert reader.shapes == [(2, 3, 48, 128)]


def test_a_turned_box_is_straightened():
    rgb = np.zeros((200, 200, 3), np.uint8)
    corners = np.asarray(cv2.boxPoints(((100, 100), (120, 30), 30)), np.float32)
    cv2.fillPoly(rgb, [np.round(corners).astype(np.int32)], (255, 255, 255))
    by_x = corners[np.argsort(corners[:, 0])]
    left, right = sorted(by_x[:2].tolist(), key=lambda p: p[1]), sorted(by_x[2:].tolist(), key=lambda p: p[1])
    ordered = np.array([left[0], right[0], right[1], left[1]], np.float32)
    assert straightened(rgb, ordered, 120, 30).mean() > 240


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\x00b\u202ec", "a b c"), ("  many   spaces ", "many spaces"), ("e\u0301", "\u00e9"), ("\ud800", ""), ("", "")],
)
def test_control_characters_do_not_pass(text, shown):
    assert plain(text) == shown
