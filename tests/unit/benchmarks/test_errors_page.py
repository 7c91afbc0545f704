import re
from dataclasses import replace

import errors_page
import numpy as np
import pytest
from exam import Bound, Exam, Item, Kind, Overlay, Sense
from marking import marked
from overlays import FOUND, TRUE, drawn
from spoiled import png

GREY = png(np.full((40, 60, 3), 128, np.uint8))
ASKED_FOR = []


def later():
    ASKED_FOR.append(1)
    return GREY


EXAM = Exam("Is it <b>bad</b>? `bad`", Kind.DECISION, list, (), Bound(0.5, "somewhere", Sense.AT_LEAST), "nothing")
ITEMS = [
    Item("found", "one", 0.9, truth=True, picture=later),
    Item("nearly missed", "one", 0.45, truth=True, picture=GREY),
    Item("badly missed", "one", 0.1, truth=True, picture=GREY, note="<script>"),
    Item("unanswered", "one", None, truth=True, picture=GREY),
    Item("wrongly found", "two", 0.8, truth=False, picture=later, baselines={"other": 0.3}),
    Item("rightly not", "two", 0.2, truth=False, picture=GREY),
]


def page_of(exam, items):
    return errors_page.page([("bad", exam, items, marked(exam, items))])


def test_what_is_wrong_is_told_worst_first():
    found = errors_page.wrong(EXAM, ITEMS)
    assert [one["item"].id for one in found] == ["unanswered", "badly missed", "wrongly found", "nearly missed"]
    assert {one["error"] for one in found} == {"missed", "false"}


def test_the_page_needs_no_other_file_and_shows_each_error_by_slice():
    ASKED_FOR.clear()
    text = page_of(EXAM, ITEMS)
    assert len(re.findall(r'<img [^>]*src="data:image/webp;base64,[A-Za-z0-9+/=]+"', text)) == 4
    assert len(ASKED_FOR) == 1, "pictures of what was right are not made"
    assert not re.findall(r'(?:src|href)="(?!data:|#)', text)
    assert "one: 3 of 4 missed" in text
    assert "two: 1 of 2 wrongly found" in text
    assert text.index("badly missed") < text.index("nearly missed")
    assert "<script>" not in text
    assert "<b>bad" not in text


def test_many_errors_of_a_kind_are_counted_and_the_worst_are_shown():
    many = [Item(f"{i}", "one", i / 1000, truth=True, picture=GREY) for i in range(60)]
    text = page_of(EXAM, [*many, ITEMS[-1]])
    assert text.count("<img ") == errors_page.MOST
    assert f"60 of 60 missed, {errors_page.MOST} shown" in text


def test_levels_and_orders_have_errors_too():
    level = replace(EXAM, kind=Kind.LEVEL)
    assert [one["item"].id for one in errors_page.wrong(level, ITEMS[:3])] == ["badly missed", "nearly missed"]
    order = replace(EXAM, kind=Kind.ORDER, bound=None)
    grouped = [replace(one, group="g") for one in ITEMS if one.score is not None]
    assert [(one["item"].id, one["by"]) for one in errors_page.wrong(order, grouped)] == [
        ("badly missed", 1.0),
        ("nearly missed", 0.5),
    ]


def test_a_probability_is_drawn_as_a_curve():
    text = page_of(replace(EXAM, is_probability=True), ITEMS)
    assert "calibration curve" in text


@pytest.mark.parametrize(("name", "colour"), [("truth", TRUE), ("found", FOUND)])
def test_masks_and_boxes_are_drawn_at_their_place(name, colour):
    mask = np.zeros((20, 20), np.uint8)
    mask[5:15, 5:15] = 255
    white = np.full((100, 100, 3), 255, np.uint8)
    shown = drawn(white, Overlay(**{f"{name}_mask": mask}))
    rows, columns = np.nonzero((shown == colour).all(axis=2))
    assert 22 <= rows.min() <= columns.min() + 3 <= 29
    assert 71 <= rows.max() <= 78
    boxed = drawn(white, Overlay(**{f"{name}_boxes": ((0.5, 0.5, 0.25, 0.25),)}, words=("ABC",)))
    rows, columns = np.nonzero((boxed == colour).all(axis=2))
    assert (columns.min(), columns.max()) in {(49, 76), (50, 75)}
    assert (white == 255).all(), "the picture itself stays as it is"
