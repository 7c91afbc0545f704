import cv2
import numpy as np
import pytest

from packshot.evaluate.text_strokes import STROKES, strokes

HEIGHT, WIDTH, TALL = 80, 400, 40.0


def line(ground, ink, share=1.0):
    """Traits of letters of one light on a ground (h, w), of which they cover a share."""
    cover = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.putText(cover, "SAMPLE TEXT", (30, 52), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 255, 4, cv2.LINE_AA)
    light = ground + (ink - ground) * share * cover.astype(np.float32) / 255
    inside = np.zeros((HEIGHT, WIDTH), np.bool_)
    inside[20:60, 20:380] = True
    found = strokes(light.astype(np.float32), np.zeros((HEIGHT, WIDTH, 2), np.float32), inside, TALL)
    assert len(found) == len(STROKES)
    assert np.isfinite(found).all()
    return dict(zip(STROKES, found, strict=True))


def ramp(low, high):
    return np.tile(np.linspace(low, high, WIDTH, dtype=np.float32), (HEIGHT, 1))


def test_opaque_letters_keep_their_light_where_the_ground_changes():
    told = line(ramp(60, 180), 250.0)
    assert told["stroke_follows"] == pytest.approx(0, abs=0.15)
    assert told["stroke_spread"] < 0.2
    assert told["stroke_ground_spread"] > 0.5


def test_a_see_through_mark_follows_its_ground_by_the_share_that_shows():
    told = line(ramp(60, 180), 250.0, share=0.4)
    assert told["stroke_follows"] == pytest.approx(0.6, abs=0.15)
    assert told["stroke_step"] == pytest.approx(0.4 * 130 / 255, rel=0.3)


@pytest.mark.parametrize(("ground", "ink"), [(200.0, 40.0), (40.0, 200.0)])
def test_dark_and_light_letters_are_told_alike(ground, ink):
    told = line(np.full((HEIGHT, WIDTH), ground, np.float32), ink)
    assert told["stroke_step"] == pytest.approx(160 / 255, abs=0.06)
    assert told["stroke_width"] == pytest.approx(2.5 / TALL, abs=0.03)


def test_a_bare_ground_has_no_strokes():
    assert set(line(np.full((HEIGHT, WIDTH), 128.0, np.float32), 128.0).values()) == {0.0}
