"""What a run of the mixed catalogue said of its pictures, and whether a person who looked at them agreed."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from exam import Asked, Data, Exam, Item, Kind, NoData

if TYPE_CHECKING:
    from collections.abc import Iterator

LABELS = Path(__file__).parents[1] / "labels" / "verdicts.csv"
WORTH = {"agree": 1.0, "undecided": 0.5, "overrule": 0.0}


def items(asked: Asked) -> Iterator[Item]:
    """Each finding that was looked at: 1 where the person agreed, 0 where they would overrule it. Raises NoData."""
    with LABELS.open(newline="", encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    if not any((asked.data / row["path"]).is_file() for row in rows):
        raise NoData("the pictures of the mixed catalogue are not here; name the folder of pictures with --data")
    for row in rows:
        picture = asked.data / row["path"]
        yield Item(
            id=f"{row['rule']}: {Path(row['path']).name}",
            slice=row["status"],
            score=WORTH[row["seen"]],
            group=row["path"],
            picture=picture if picture.is_file() else None,
            note=f"{row['measured']}. Seen: {row['seen']}{', ' + row['note'] if row['note'] else ''}",
            also=(row["rule"],),
        )


EXAM = Exam(
    title="Verdicts of the mixed catalogue, looked at by a person",
    kind=Kind.LEVEL,
    items=items,
    data=(Data("104 findings of the policy amazon on the mixed catalogue", "as its shops"),),
    bound=None,
    set_on="nothing: the findings are kept as they were on 2026-11-23, and are not made anew",
    about="Drawn by rule, at most 14 of each, pure counts of pixels left out: the doubtful kinds are over-represented, "
    "so this is no rate of the catalogue. One person looked. A doubt (`unsure`) is held to be wrong where a glance "
    "settles it; undecided counts half.",
)
