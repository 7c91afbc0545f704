import fooling
import pytest
from fooling_pictures import FOOLS


@pytest.mark.parametrize(
    ("value", "ought", "wrong"),
    [
        (0.9, "low", True),
        (0.2, "low", False),
        (None, "low", False),
        (None, "high", True),
        (0.5, "high", False),
        (180, "180", False),
        (None, "180", True),
        (None, "none", False),
        (0, "none", False),
        (90, "none", True),
    ],
)
def test_what_counts_as_fooled(value, ought, wrong):
    assert fooling.is_fooled(value, ought) is wrong


def test_there_are_enough_and_each_is_always_the_same():
    pytest.importorskip("fontpkg_tajawal", reason="fonts of the group bench are not installed")
    assert len({one.name for one in FOOLS}) == len(FOOLS) >= 20
    assert all(set(one.ought.values()) <= {"low", "high", "none", "90", "180", "270"} for one in FOOLS)
    for name in ("sheet of stickers", "letters on flat cloth"):
        (fool,) = (one for one in FOOLS if one.name == name)
        once, again = (fooling.file_of(fooling.picture_of(fool)) for _ in range(2))
        assert once == again


def test_what_is_not_measured_here_is_said_to_be_so(monkeypatch):
    pytest.importorskip("fontpkg_tajawal", reason="fonts of the group bench are not installed")
    monkeypatch.setattr(fooling, "filled", lambda: frozenset({"collage_probability"}))
    monkeypatch.setattr(fooling, "measured", lambda _, column: ({column: 0.9}, 1.0))
    fool = FOOLS[0]
    data = fooling.file_of(fooling.picture_of(fool))
    lines = list(fooling.told(fool, data))
    assert [(line[0], line[3]) for line in lines] == [("overlay_probability", None), ("collage_probability", True)]
    page = fooling.figure(fool, data, lines)
    assert "not measured here" in page
    assert "fooled" in page
