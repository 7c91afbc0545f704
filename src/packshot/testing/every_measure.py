"""What every measure must do: the conformance tests, for built-in measures and yours."""

from __future__ import annotations

import inspect
import math
import re
import warnings
from typing import TYPE_CHECKING

import cv2
import numpy as np

from packshot.core.measurement import Kind, Output, Value, Vector
from packshot.media.header import Header
from packshot.media.picture import Picture

if TYPE_CHECKING:
    from packshot.evaluate.measure import Measure
    from packshot.media.picture import Pixels

SCORES = frozenset({"sharpness", "information", "technical_quality", "technical_quality_low", "technical_quality_high"})
"""The columns that are scores of 0 to 1, beside those whose name ends in `_share`, `_probability` or `_confidence`."""


def pictures() -> dict[str, Picture]:
    """A handful of pictures that measures trip over, by what they show; made anew at every call."""
    random = np.random.default_rng(20)
    noise = random.integers(0, 256, (300, 420, 3), dtype=np.uint8)
    drawn = _drawn()
    alpha = np.zeros((240, 320), np.uint8)
    cv2.circle(alpha, (160, 120), 70, 255, -1)
    seen = np.where(alpha[:, :, None] > 0, np.uint8(90), np.uint8(255)) * np.ones(3, np.uint8)
    return {
        "one pixel": _picture(np.full((1, 1, 3), 130, np.uint8)),
        "one line": _picture(noise[:1].repeat(12, axis=1)[:, :5000]),
        "one column": _picture(np.ascontiguousarray(noise[:, :1].repeat(17, axis=0)[:5000])),
        "tiny": _picture(np.ascontiguousarray(drawn[::60, ::60])),
        "all white": _picture(np.full((480, 640, 3), 255, np.uint8)),
        "all black": _picture(np.zeros((700, 500, 3), np.uint8)),
        "all one colour": _picture(np.full((512, 512, 3), (200, 30, 90), np.uint8)),
        "noise": _picture(noise),
        "drawn": _picture(drawn),
        "large": _picture(np.ascontiguousarray(cv2.resize(drawn, (1700, 1300)))),
        "jpeg": _picture(drawn, quant_tables=(tuple(range(1, 65)), tuple(range(2, 66)))),
        "transparent around": _picture(seen, alpha),
        "wholly transparent": _picture(np.full((90, 120, 3), 255, np.uint8), np.zeros((90, 120), np.uint8)),
        "wholly opaque": _picture(drawn, np.full(drawn.shape[:2], 255, np.uint8)),
        "checkerboard": _picture(np.kron(np.indices((40, 40)).sum(axis=0) % 2 * 255, np.ones((8, 8)))[:, :, None]),
    }


def follows_the_contract(measure: Measure) -> None:
    """Run every test of this file on one measure."""
    says_what_it_is(measure)
    declares_its_outputs(measure)
    for name, picture in pictures().items():
        keeps_its_promises(measure, name, picture)


def says_what_it_is(measure: Measure) -> None:
    """The docstring says what is measured, by which method, and where the measure is blind; the version counts up."""
    text = inspect.getdoc(type(measure)) or ""
    assert text.splitlines()[0].endswith("."), "the docstring's first line is a sentence that says what is measured"
    assert re.search(r"^Method[:,]", text, re.MULTILINE), "the docstring has a paragraph `Method:` with its source"
    assert re.search(r"^Blind spots:", text, re.MULTILINE), "the docstring has a paragraph `Blind spots:`"
    assert measure.version >= 1, "versions count up from 1"


def declares_its_outputs(measure: Measure) -> None:
    """There is at least one column; names are plain and each has a doc line."""
    assert measure.outputs, "a measure fills at least one column"
    for output in measure.outputs:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", output.name), f"{output.name!r} is no column name"
        assert output.doc.endswith("."), f"{output.name}: the doc is a sentence that says range and unit"


def keeps_its_promises(measure: Measure, name: str, picture: Picture) -> None:
    """Exactly the declared columns, of the declared kinds and ranges, twice the same; no warning; nothing changed."""
    before = (picture.rgb.copy(), None if picture.alpha is None else picture.alpha.copy())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = dict(measure.measure(picture))
        again = dict(measure.measure(Picture(picture.header, *before)))
    columns = {output.name for output in measure.outputs}
    if measure.vector is not None:
        _fits_vector(measure.vector, found.pop(measure.vector.name), name)
        again.pop(measure.vector.name)
    assert set(found) == columns, f"{name}: gives {sorted(found)}, declares {sorted(columns)}"
    for output in measure.outputs:
        fits(output, found[output.name], name)
    assert found == again, f"{name}: another value when measured again"
    assert np.array_equal(picture.rgb, before[0]), f"{name}: the measure wrote into the picture"
    if before[1] is not None and picture.alpha is not None:
        assert np.array_equal(picture.alpha, before[1]), f"{name}: the measure wrote into the alpha channel"


def fits(output: Output, value: Value, name: str) -> None:
    """The value is None, or of the output's kind and within its range."""
    if value is None:
        return
    where = f"{output.name} of {name!r} is {value!r}"
    match output.kind:
        case Kind.FLOAT:
            assert type(value) is float, f"{where}: not a float"
            assert math.isfinite(value), where
            if output.name in SCORES or re.search("_(share|probability|confidence)$", output.name):
                assert 0 <= value <= 1, f"{where}: beyond 0 to 1"
        case Kind.INT:
            assert type(value) is int, f"{where}: not an int"
        case Kind.BOOL:
            assert type(value) is bool, f"{where}: not a bool"
        case Kind.TEXT:
            assert type(value) is str, f"{where}: not a text"
        case Kind.OUTLINE:
            assert isinstance(value, tuple), where
            assert all(type(part) is float and (part == -1 or 0 <= part <= 1) for part in value), where
            assert len(value) % 2 == 0, f"{where}: half a corner"
        case Kind.BOX | Kind.BOXES | Kind.RGB | Kind.TEXTS | Kind.FLOATS:
            _fits_tuple(output.kind, value, where)
        case Kind.BYTES | Kind.BYTES32 | Kind.BYTES768:
            assert isinstance(value, bytes), where
            size = int(output.kind.value.removeprefix("bytes") or len(value))
            assert len(value) == size, f"{where}: {len(value)} bytes"


def _fits_vector(vector: Vector, value: Value, name: str) -> None:
    """None, or as many finite float16 numbers as were promised."""
    if value is None:
        return
    assert isinstance(value, bytes), f"the vector of {name!r} is no bytes"
    numbers = np.frombuffer(value, np.float16)
    assert len(numbers) == (vector.length or len(numbers)) > 0, f"the vector of {name!r} has {len(numbers)} numbers"
    assert np.isfinite(numbers).all(), f"the vector of {name!r} is not finite"


def _fits_tuple(kind: Kind, value: Value, where: str) -> None:
    wanted = {Kind.BOX: float, Kind.BOXES: float, Kind.RGB: int, Kind.TEXTS: str, Kind.FLOATS: float}[kind]
    assert isinstance(value, tuple), where
    assert all(type(part) is wanted for part in value), where
    if kind is Kind.FLOATS:
        assert all(math.isfinite(part) for part in value if isinstance(part, float)), where
    if kind in {Kind.TEXTS, Kind.FLOATS}:
        return
    if kind is Kind.RGB:
        red, green, blue = (int(part) for part in value)
        assert 0 <= min(red, green, blue) <= max(red, green, blue) <= 255, where
        return
    assert len(value) % 4 == 0, where
    for first in range(0, len(value), 4):
        x, y, w, h = (float(part) for part in value[first : first + 4])
        assert min(x, y) >= 0, where
        assert min(w, h) > 0, where
        assert max(x + w, y + h) <= 1 + 1e-9, where


def _picture(rgb: np.ndarray, alpha: Pixels | None = None, **facts: tuple[tuple[int, ...], ...]) -> Picture:
    shown = np.ascontiguousarray(np.broadcast_to(rgb, (*rgb.shape[:2], 3)), dtype=np.uint8)
    height, width = shown.shape[:2]
    header = Header("png", 1000, width, height, has_alpha=alpha is not None, **facts)  # type: ignore[arg-type] # quant_tables only
    return Picture(header, shown, alpha)


def _drawn() -> Pixels:
    """A striped box with a shadow on white, (360, 480, 3)."""
    rgb = np.full((360, 480, 3), 255, np.uint8)
    cv2.ellipse(rgb, (250, 290), (150, 22), 0, 0, 360, (225, 225, 225), -1)
    rgb = np.asarray(cv2.GaussianBlur(rgb, (0, 0), 9), dtype=np.uint8)
    shade = np.linspace(60, 200, 200).astype(np.uint8)
    rgb[80:290, 140:340] = np.stack([shade, shade[::-1], np.full_like(shade, 70)], axis=1)
    rgb[80:290:14, 140:340] //= 2
    return rgb
