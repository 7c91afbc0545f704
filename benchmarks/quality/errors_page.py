"""The page of errors: what an exam got wrong, worst first, with what is true and what was said drawn over it."""

from __future__ import annotations

import base64
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from exam import Kind
from marking import Marks
from overlays import curve, drawn
from PIL import Image

from packshot.media.decode import decode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exam import Exam, Item
    from numpy.typing import NDArray

SIDE_PX = 300
MOST = 24
"""Shown of each slice and kind of error; the rest is counted."""
MISPLACED = 1 / 3
"""Of all places: an item of a rank that stands further off is shown."""
NAME = "quality-errors.html"
KINDS_OF_ERROR = {
    "missed": "missed",
    "false": "wrongly found",
    "low": "below what is asked",
    "misplaced": "far from their place",
}

STYLE = """
:root { color-scheme: light; font: 15px/1.45 system-ui, sans-serif; --line: #d9dce1; --soft: #5b6470; }
body { margin: 0 auto; max-width: 1500px; padding: 24px; color: #16191d; background: #fff; }
h1 { font-size: 26px; margin: 0 0 4px; } h2 { font-size: 20px; margin: 40px 0 4px; border-top: 1px solid var(--line);
padding-top: 20px; } h3 { font-size: 15px; margin: 22px 0 8px; } p { margin: 4px 0; max-width: 90ch; }
.soft, figcaption small { color: var(--soft); } nav a { margin-right: 14px; }
.wall { display: grid; grid-template-columns: repeat(auto-fill, minmax(180px, 1fr)); gap: 14px; }
figure { margin: 0; border: 1px solid var(--line); border-radius: 6px; overflow: hidden; background: #fff; }
figure .frame { background: #eceef1; height: 190px; display: flex; align-items: center; justify-content: center; }
figure img { max-width: 100%; max-height: 190px; display: block; }
figcaption { padding: 8px 10px; overflow-wrap: anywhere; }
figcaption small { display: block; }
.missed { border-top: 4px solid #b4540a; }
.false { border-top: 4px solid #7a2bb5; } .low, .misplaced { border-top: 4px solid #8a6d00; }
table { border-collapse: collapse; margin: 8px 0; } td, th { border: 1px solid var(--line); padding: 3px 9px;
text-align: left; } th { background: #f5f6f8; font-weight: 600; } .true-key { color: rgb(22,130,60); }
.found-key { color: rgb(205,30,45); }
"""


def wrong(exam: Exam, items: Sequence[Item]) -> list[dict[str, Any]]:
    """What was marked wrong, worst first: `item`, `error` (of KINDS_OF_ERROR), `by` (how wrong, 0 or more)."""
    marks = Marks(exam, items)
    sign = marks.sense(None).sign
    score = np.array([-np.inf if item.score is None else sign * float(item.score) for item in items])
    if exam.kind is Kind.LEVEL:
        line = exam.bound.value if exam.bound else 1.0
        value = np.where(np.isneginf(score), 0.0, score)
        found = [(i, "low", line - value[i]) for i in np.flatnonzero(~marks.reached(value))]
    elif exam.kind is Kind.RANK:
        found = [(i, "misplaced", by) for i, by in enumerate(_misplaced(marks, score)) if by > MISPLACED]
    elif exam.kind is Kind.ORDER:
        found = [(i, "low", by) for i, by in enumerate(_overtaken(marks, score)) if by > 0]
    else:
        said = marks.said(score, None)
        finite = score[np.isfinite(score)]
        spread = float(np.ptp(finite)) or 1.0 if len(finite) else 1.0
        line = sign * exam.bound.value if exam.bound else 0.0
        off = np.where(np.isfinite(score), np.abs(score - line) / spread, 9.0)
        found = [(i, "missed" if marks.truth[i] else "false", off[i]) for i in np.flatnonzero(said != marks.truth)]
    ordered = sorted(found, key=lambda one: -one[2])
    return [{"item": items[i], "error": error, "by": float(by)} for i, error, by in ordered]


def _misplaced(marks: Marks, score: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far each item stands from its place, as a share of all places."""
    worth = np.array([item.worth or 0.0 for item in marks.items])
    places = [(value[None, :] < value[:, None]).sum(axis=1) for value in (score, worth)]
    return np.asarray(np.abs(places[0] - places[1]) / max(1, len(worth) - 1))


def _overtaken(marks: Marks, score: NDArray[np.float64]) -> list[float]:
    """For each true item the share of its group's other items that stand at or above it."""
    shares = []
    for i, item in enumerate(marks.items):
        others = (marks.groups == marks.groups[i]) & ~marks.truth
        shares.append(float(np.mean(score[others] >= score[i])) if item.truth and others.any() else 0.0)
    return shares


def page(held: Sequence[tuple[str, Exam, Sequence[Item], dict[str, Any]]]) -> str:
    """The whole page, without a file beside it: (id, exam, items, figures) of each exam that was held."""
    links = " ".join(f'<a href="#{escape(name)}">{escape(name)}</a>' for name, *_ in held)
    body = "".join(_section(*one) for one in held)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>What the exams got wrong</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style>'
        f"<h1>What the exams got wrong</h1><p class=soft>Worst first in each slice, at most {MOST} of a kind. "
        f'<span class="true-key">Green</span>: the truth. <span class="found-key">Red</span>: what was found.</p>'
        f"<nav>{links}</nav>{body}</html>"
    )


def _section(name: str, exam: Exam, items: Sequence[Item], result: dict[str, Any]) -> str:
    faults = wrong(exam, items)
    bound = (
        f"{exam.bound.sense.value} {exam.bound.value:g} (<code>{escape(exam.bound.where)}</code>)" if exam.bound else ""
    )
    counted = "Right" if exam.kind is Kind.LEVEL else "Found"
    told = [
        f"{len(faults)} of {len(items)} items are wrong.",
        f"{counted} where the score is {bound}." if bound else "",
    ]
    parts = [
        f'<h2 id="{escape(name)}">{_ticks(exam.title)}</h2><p>{" ".join(told)} {_ticks(exam.about)}</p>',
        f"<p class=soft>Bound set on: {_ticks(exam.set_on)}.</p>",
        curve(result["calibration"]) if "calibration" in result else "",
    ]
    for slice_name in dict.fromkeys(item.slice for item in items):
        of_slice = sum(item.slice == slice_name for item in items)
        for error, words in KINDS_OF_ERROR.items():
            own = [one for one in faults if one["item"].slice == slice_name and one["error"] == error]
            if own:
                more = f", {MOST} shown" if len(own) > MOST else ""
                parts.append(f"<h3>{escape(slice_name)}: {len(own)} of {of_slice} {words}{more}</h3><div class=wall>")
                parts += [_figure(one["item"], error) for one in own[:MOST]]
                parts.append("</div>")
    return "".join(parts)


def _ticks(text: str) -> str:
    """Escaped, with what stands in backticks as code."""
    pieces = escape(text).split("`")
    return "".join(f"<code>{one}</code>" if number % 2 else one for number, one in enumerate(pieces))


def _figure(item: Item, error: str) -> str:
    score = "no answer" if item.score is None else f"{item.score:.3f}"
    beside = "".join(
        f"<small>{escape(name)}: {'no answer' if one is None else f'{one:.3f}'}</small>"
        for name, one in item.baselines.items()
    )
    truth = {"missed": "is one", "false": "is none"}.get(error, "")
    note = f"<small>{escape(item.note)}</small>" if item.note else ""
    return (
        f'<figure class="{error}"><div class=frame>{_picture(item)}</div><figcaption><b>{score}</b> {truth}'
        f"<small>{escape(item.id)}</small>{note}{beside}</figcaption></figure>"
    )


def _picture(item: Item) -> str:
    source = item.picture
    if source is None:
        return "<small>no picture</small>"
    data = source.read_bytes() if isinstance(source, Path) else source if isinstance(source, bytes) else source()
    overlay = item.overlay() if callable(item.overlay) else item.overlay
    image = Image.fromarray(decode(data).rgb)
    image.thumbnail((SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS)
    pixels = np.asarray(image, np.uint8)
    file = BytesIO()
    Image.fromarray(drawn(pixels, overlay) if overlay else pixels).save(file, "WEBP", quality=82)
    return f'<img alt="" loading="lazy" src="data:image/webp;base64,{base64.b64encode(file.getvalue()).decode()}">'
