"""Copies: cropped, mirrored, turned, covered, written on, framed, recoloured, squeezed; nothing else taken for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copied import PEERS, others, searched
from copy_edits import KINDS, STRENGTHS
from exam import Asked, Bound, Data, Exam, Item, Kind, Sense, Wanted
from second_base import DATA

if TYPE_CHECKING:
    from collections.abc import Iterator

FOUND = Bound(0.5, "decided by packshot: the pair stands in the table of matches as copy or same", Sense.AT_LEAST)
OTHERS = "other pictures"
LIMITS = {"PDQ alone": 31, "PDQ, 8 turns": 31, "imagehash phash": 10, "imagehash dhash": 10}
"""Bits that each peer's own documentation takes for a match."""


def items(asked: Asked) -> Iterator[Item]:
    """Each copy, found or not; and each picture, in a pair with one that it is no copy of or not."""
    found = searched(asked)
    for one in found.pictures:
        if one.kind == "original":
            continue
        yield Item(
            id=one.id,
            slice=one.kind,
            score=float((one.of, one.id) in found.pairs),
            baselines={peer: found.nearest[peer][one.id] for peer in PEERS},
            group=one.group,
            picture=one.picture,
            cpu_ms=one.cpu_ms,
            also=(f"{one.kind} {one.strength}",) if one.strength else (),
        )
    for one, count in others(found):
        yield Item(
            id=one.id,
            slice=OTHERS,
            score=float(count),
            truth=False,
            baselines={peer: found.nearest[peer][one.id] for peer in PEERS},
            group=one.group,
            picture=asked.data / one.id if one.group != "bridge-mods" else None,
            cpu_ms=one.cpu_ms,
        )


EXAM = Exam(
    title="Copies of pictures, found by points, colours and what both show",
    kind=Kind.DECISION,
    items=items,
    data=(*DATA, Data("fb_threatexchange: bridge-mods", "BSD-3-Clause"), Data("edits of them", "own", synthetic=True)),
    bound=FOUND,
    set_on="the two thirds of these shops' pictures that are not held, by group, with the same edits; those for "
    "colour variants were added, and set on the held pictures as well, after a first hold had shown variants of shirts "
    "as copies: other pictures than these have to show how rare false pairs are. "
    "The peers' bounds are those that they name",
    baselines={name: Bound(bits, f"{name}: its own documentation", Sense.AT_MOST) for name, bits in LIMITS.items()},
    wanted=(
        *(Wanted("recall", 0.9, of=kind) for kind in (*KINDS, "bridge-mods", "dihedral")),
        *(Wanted("recall", 0.8, of=f"{kind} {STRENGTHS[-1]}") for kind in KINDS),
        Wanted("false_positives", 0.0001, of=OTHERS, most=True),
        Wanted("cpu_ms", 25, most=True),
    ),
    about="A copy counts as found where packshot pairs it with its original as copy or same. Each kind of edit is "
    "searched among all held pictures of the shops. False are pairs of two different pictures of the shops or of "
    "their copies; shops' own pairs that are copies (labels/copies.csv) were told by eye. A grey copy of a shirt is a "
    "copy of that shirt in every colour, which nobody can tell apart. Few pictures bound false pairs loosely.",
)
