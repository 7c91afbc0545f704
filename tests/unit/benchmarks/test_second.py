import importlib
import io
import re
from pathlib import Path

import numpy as np
import people_scores
import pytest
import run_all
import second_base
import second_degradations
import second_fringes
import second_overlay_set
import second_overlays
import second_printed
import second_turned
import second_watermarks
import shipped
from exam import Asked, Kind, NoData, Sense
from marking import marked
from PIL import Image
from second_fonts import FAMILIES, PHRASES

from packshot.evaluate.check import Check
from packshot.evaluate.checks.blurry import Blurry

ROOT = Path(__file__).parents[3]
DATA = ROOT / "../shared/data"
FILLED = {
    *("overlay_probability", "overlay_boxes", "watermark_probability", "collage_probability", "upscaled_probability"),
    *("effective_resolution_share", "orientation_degrees", "orientation_confidence", "halo_share"),
    *("technical_quality", "technical_quality_low", "technical_quality_high"),
}
EXAMS = (
    *("overlay", "overlay_boxes", "overlay_real", "watermark", "watermarked", "quality_order", "people_quality"),
    *("people_quality_interval", "orientation", "orientation_answered", "orientation_upright", "upscaled", "halo"),
    *("halo_width", "collage"),
)
real = pytest.mark.skipif(not (DATA / "clothing_dataset").is_dir(), reason="the real pictures are not there")


def scene(side=240):
    """A picture with edges, shades and grain."""
    rng = np.random.default_rng(3)
    rows, columns = np.mgrid[0:side, 0:side]
    values = np.stack([rows * 200 / side + 30, columns * 180 / side + 40, 120 + 60 * np.sin(rows / 9)], axis=2)
    values[60:150, 80:180] = (190, 60, 50)
    values += rng.normal(0, 4, values.shape)
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


def values(picture):
    return np.asarray(picture.convert("RGB"), np.float32)


def test_its_fonts_serve_no_training():
    told = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "training").rglob("*.py"))
    assert [one.name for one in FAMILIES if one.module in told or one.name in told] == []
    assert "second_" not in told, "a trainer must not look at what scores it"


def test_every_script_is_written_in_one_go():
    pytest.importorskip("fontpkg_tajawal", reason="fonts of the group bench are not installed")
    for script in PHRASES:
        assert second_overlays.laid(scene(), 4, "text", script).boxes, script


@pytest.mark.parametrize("kind", second_overlays.KINDS)
def test_nothing_changes_outside_the_boxes(kind):
    pytest.importorskip("fontpkg_tajawal", reason="fonts of the group bench are not installed")
    base = scene()
    made = second_overlays.laid(base, 7, kind)
    changed = np.abs(values(made.picture) - values(base)).max(axis=2) > 4
    assert changed.any()
    wide, high = base.size
    for x, y, w, h in made.boxes:
        changed[int(y * high) : round((y + h) * high) + 1, int(x * wide) : round((x + w) * wide) + 1] = False
    assert not changed.any()


def test_a_mark_is_the_same_at_every_opacity_but_fainter():
    pytest.importorskip("fontpkg_tajawal", reason="fonts of the group bench are not installed")
    base = scene()
    for place in second_watermarks.PLACES:
        change = [
            np.abs(values(second_watermarks.marked(base, 5, opacity, place, "text")) - values(base)).mean()
            for opacity in second_watermarks.OPACITIES
        ]
        assert change == sorted(change)
        assert change[0] > 0


@pytest.mark.parametrize("kind", second_degradations.STEPS)
def test_each_step_is_further_from_the_picture(kind):
    base = scene()
    apart = []
    for step in range(5):
        with Image.open(io.BytesIO(second_degradations.worse(base, kind, step, 1))) as opened:
            apart.append(np.abs(values(opened) - values(base)).mean())
    assert apart == sorted(apart)
    assert len(set(apart)) == 5


def test_what_must_be_said_turns_the_picture_back():
    base = scene()
    for degrees, way in second_turned.BACK.items():
        seen = base if way is None else base.transpose(way)
        assert np.array_equal(values(seen.rotate(-degrees, expand=True)), values(base))


def test_a_rim_is_the_old_ground_around_the_product():
    ground = (178, 186, 190)

    def made(kind, width):
        with Image.open(io.BytesIO(second_fringes.made("ball", ground, kind, width))) as opened:
            return values(opened)

    clean, rim = made("clean", 0), made("white rim", 3)
    whiter = (rim - clean).min(axis=2) > 40
    middle = whiter[second_fringes.SIDE // 2]
    assert 4 <= middle.sum() <= 10, "three pixels on either side"
    assert np.abs(made("eaten away", 2) - clean).max() > 40


def test_a_product_with_print_is_always_the_same():
    pytest.importorskip("fontpkg_tajawal", reason="fonts of the group bench are not installed")
    for make in (second_printed._bag, second_printed._jar):
        once, again = (make(np.random.default_rng(8)) for _ in range(2))
        assert np.array_equal(values(once), values(again))
    shape = second_fringes._drawn("ball")[0]
    assert np.array_equal(values(shape), values(second_fringes._drawn("ball")[0]))


def test_a_bound_is_found_by_the_name_of_its_parameter(monkeypatch):
    found = shipped.bound_of("halo_share")
    assert found is None or found.value > 0
    monkeypatch.setattr(shipped, "discover", lambda *_: {"blurry": Blurry})
    assert shipped.bound_of("nothing_of_it") is None
    bound = shipped.bound_of("sharpness")
    assert bound.where.endswith("BlurryParams.min_sharpness")
    assert bound.sense is Sense.AT_LEAST
    monkeypatch.setattr(shipped, "discover", lambda *_: {"one": Blurry, "other": Blurry})
    with pytest.raises(LookupError, match="name it in BOUNDS"):
        shipped.bound_of("sharpness")
    assert Check is not Blurry


def test_what_nothing_measures_is_said():
    with pytest.raises(NoData, match="unheard_of"):
        shipped.need("unheard_of")


CACHED = ("second_overlay_set", "second_watermarks", "second_degradations", "second_turned", "second_fringes")


def forget():
    """What the exams that share pictures keep."""
    for module in CACHED:
        for cached in vars(importlib.import_module(module)).values():
            if hasattr(cached, "cache_clear"):
                cached.cache_clear()


def answers(data, *names):
    """For every column an answer that follows from the bytes."""
    told = dict.fromkeys(names, (sum(data[::97]) % 1000) / 1000)
    told |= {"overlay_boxes": (0.1, 0.1, 0.5, 0.5)} if "overlay_boxes" in names else {}
    return told | ({"orientation_degrees": 90} if "orientation_degrees" in names else {}), [], 1.0


def test_a_measure_that_fails_is_said_and_not_marked(monkeypatch):
    monkeypatch.setattr(shipped, "filled", lambda: frozenset({"one"}))
    monkeypatch.setattr(shipped, "seen", lambda *_: ({"one": None}, ["this: it broke"], 1.0))
    with pytest.raises(NoData, match="it broke"):
        shipped.measured(b"", "one")


@pytest.fixture(scope="module")
def _stand_in():
    few = second_base.held(Asked(DATA))[::12]
    forget()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shipped, "filled", lambda: frozenset(FILLED))
        patch.setattr(shipped, "seen", answers)
        patch.setattr(people_scores, "classical", lambda _: 0.5)
        patch.setattr(second_overlay_set, "lacking", lambda _: ())
        patch.setattr(second_overlay_set, "read_outside", lambda _: 0.0)
        patch.setattr("packshot.models.usable.lacking", lambda *_: ())
        patch.setattr(second_degradations, "SIDE_PX", 320)
        patch.setattr(second_fringes, "SIDE", 200)
        patch.setattr(Asked, "some", lambda *_: 2)
        patch.setattr(second_base, "_held", lambda _: tuple(few))
        yield
    forget()


@real
@pytest.mark.parametrize("name", EXAMS)
@pytest.mark.usefixtures("_stand_in")
def test_an_exam_of_the_second_generator_is_held_with_a_stand_in(name):
    pytest.importorskip("fontpkg_tajawal", reason="fonts of the group bench are not installed")
    exam = run_all.load(name)
    items = list(exam.items(Asked(DATA)))
    assert items
    assert all(re.search(r"\w", item.slice) for item in items)
    found = marked(exam, items)
    assert found["figures"]["n"] == len(items)
    if exam.kind is Kind.DECISION:
        assert any(item.truth for item in items)
        assert not all(item.truth for item in items)
    assert {one.of for one in exam.wanted} - {""} <= {name for item in items for name in (item.slice, *item.also)} | {
        "printed packs",
        "unmarked",
    }
