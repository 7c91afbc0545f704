"""Pictures meant to fool the learned columns: which are fooled, in a table and on a page to look at.

`python benchmarks/quality/fooling.py [--page FOLDER]` prints one line for each picture and column. Nothing is scored
by it: the pictures were chosen to be hard, and say where to look, not how often it goes wrong.
"""

from __future__ import annotations

import argparse
import base64
import sys
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.append(str(Path(__file__).parents[1]))
import numpy as np
from errors_page import STYLE
from fooling_pictures import FOOLS
from shipped import HALF, filled, measured

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fooling_pictures import Fool
    from PIL import Image

    from packshot.core.measurement import Value

SEED = 12
NAME, TITLE = "fooling.html", "Pictures meant to fool"
Line = tuple[str, str, "Value", bool | None]
"""Column, what ought to be said, what is, and whether that is wrong; None where nothing here measures it."""


def picture_of(fool: Fool) -> Image.Image:
    """The picture, always the same."""
    return fool.draw(np.random.default_rng([SEED, *fool.name.encode()]))


def file_of(picture: Image.Image) -> bytes:
    """As JPEG of quality 92."""
    file = BytesIO()
    picture.convert("RGB").save(file, "JPEG", quality=92)
    return file.getvalue()


def is_fooled(value: Value, ought: str) -> bool:
    """Whether a measured value is not what it ought to be; no answer is only wrong where there is something to find."""
    if ought == "none":
        return value is not None and float(str(value)) != 0
    if ought not in {"low", "high"}:
        return value is None or float(str(value)) != float(ought)
    if value is None:
        return ought == "high"
    return (float(str(value)) >= HALF) != (ought == "high")


def told(fool: Fool, data: bytes) -> Iterator[Line]:
    """What is said of a picture."""
    here = filled()
    for column, ought in fool.ought.items():
        value = measured(data, column)[0][column] if column in here else None
        yield column, ought, value, is_fooled(value, ought) if column in here else None


def figure(fool: Fool, data: bytes, lines: list[Line]) -> str:
    """One picture of the page."""
    kind = "missed" if any(line[3] for line in lines) else ""
    rows = "".join(
        f"<small>{escape(column)}: {_value(value)}, ought to be {ought}{_verdict(wrong)}</small>"
        for column, ought, value, wrong in lines
    )
    source = base64.b64encode(data).decode()
    return (
        f'<figure class="{kind}"><div class=frame><img alt="" src="data:image/jpeg;base64,{source}"></div><figcaption>'
        f"<b>{escape(fool.name)}</b><small>{escape(fool.why)}</small>{rows}</figcaption></figure>"
    )


def _value(value: Value) -> str:
    return "no answer" if value is None else f"{value:.2f}" if isinstance(value, float) else str(value)


def _verdict(wrong: bool | None) -> str:  # noqa: FBT001 - what is_fooled says
    return " (not measured here)" if wrong is None else " · fooled" if wrong else ""


def main() -> None:
    """Print the table; write the page where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--page", type=Path, metavar="FOLDER", help=f"write {NAME} there")
    asked = parser.parse_args()
    parts, fooled, seen = [], 0, 0
    for fool in FOOLS:
        data = file_of(picture_of(fool))
        lines = list(told(fool, data))
        for column, ought, value, wrong in lines:
            print(f"{fool.name:32} {column:24} ought {ought:5} is {_value(value):10}{_verdict(wrong)}")
        fooled += any(line[3] for line in lines)
        seen += any(line[3] is not None for line in lines)
        parts.append(figure(fool, data, lines))
    print(f"{fooled} of {seen} pictures that something here looks at fool it; {len(FOOLS)} in all")
    if asked.page:
        asked.page.mkdir(parents=True, exist_ok=True)
        head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{TITLE}</title><style>{STYLE}</style>'
        page = f"{head}<h1>{TITLE}</h1><div class=wall>{''.join(parts)}</div></html>"
        (asked.page / NAME).write_text(page, encoding="utf-8")
        print(asked.page / NAME, file=sys.stderr)


if __name__ == "__main__":
    main()
