"""Real pictures that were seen to have something laid over them, and those without: `overlay_probability`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from exam import Asked, Bound, Data, Exam, Item, Kind, NoData, Sense
from second_base import DATA, HELD_OUT, held, is_pack, laid_over, on_white, spread
from second_overlay_set import BOXES, PROBABILITY, READERS, as_boxes, read_outside
from shipped import bound_of, decided, measured, need, number

from packshot.evaluate import text_lines
from packshot.media.decode import decode
from packshot.models.usable import lacking

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ALSO = ("cleanvision_tests/tests/data", "imagededup_tests/base_images", "fb_threatexchange/pdq/data/reg-test-input")
"""Further folders whose photographs were looked at: what is not on the list has nothing laid over it."""
SUFFIXES = frozenset({".jpg", ".png"})
UNCLEAR = "unclear"


def items(asked: Asked) -> Iterator[Item]:
    """Every listed picture, held photographs of the shops, and the small sets of photographs."""
    bases = spread(held(asked), asked.some(90, 1000))
    need(PROBABILITY, BOXES)
    if missing := lacking(READERS):
        raise NoData(f"the models {', '.join(missing)} of the baseline are not here")
    listed = laid_over()
    for name, kind in listed.items():
        if kind != UNCLEAR and (asked.data / name).is_file():
            scene = name.split("/")[0] if name.startswith("exif_orientation") else name
            yield _item(asked.data / name, name, kind, scene, truth=True)
    for base in bases:
        plain = "packshots" if on_white(base) else "photographs"
        yield _item(base.path, base.name, "packs" if is_pack(base) else plain, base.group, truth=False)
    for folder in ALSO:
        for path in sorted((asked.data / folder).rglob("*")):
            name = path.relative_to(asked.data).as_posix()
            if path.suffix in SUFFIXES and name not in listed:
                yield _item(path, name, "other photographs", folder, truth=False)


def _item(path: Path, name: str, kind: str, group: str, *, truth: bool) -> Item:
    data = path.read_bytes()
    found, cpu_ms = measured(data, PROBABILITY, BOXES)
    score = number(found[PROBABILITY])
    return Item(
        id=name,
        slice=kind,
        score=score,
        truth=truth,
        said=decided(PROBABILITY, score),
        baselines={"OCR outside the mask": _read(path)},
        group=group,
        picture=path,
        note=f"{len(as_boxes(found[BOXES]))} boxes",
        cpu_ms=cpu_ms,
    )


@cache
def _read(path: Path) -> float:
    return read_outside(decode(path.read_bytes()))


EXAM = Exam(
    title="Real pictures with something laid over them",
    kind=Kind.DECISION,
    items=items,
    data=(
        *DATA,
        Data("cleanvision_tests, imagededup_tests", "Apache-2.0"),
        Data("exif_orientation, pillow_images", "MIT, MIT-CMU"),
        Data("fb_threatexchange", "BSD-3-Clause"),
    ),
    bound=bound_of(PROBABILITY),
    set_on=HELD_OUT + "; the few listed clothes were in both parts",
    baselines={"OCR outside the mask": Bound.of(text_lines, "LEAST_CONFIDENCE", Sense.AT_LEAST)},
    about="Every picture was looked at (`benchmarks/quality/labels/overlays.csv`). Few have anything: dates and a "
    "mark that cameras wrote into phone photographs of clothes, one scene in nine copies with words, bars at "
    "the edges. No shop's badges or prices are among them, and precision goes by how few they are.",
)
