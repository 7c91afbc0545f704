"""Pictures of shops that no bound was set on, and copies of them, searched by packshot and by its peers."""

from __future__ import annotations

import csv
import io
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from copy_edits import KINDS, STRENGTHS, edited
from PIL import Image, ImageOps

sys.path.append(str(Path(__file__).parents[2] / "training"))
from base_pictures import base_pictures
from packshot.evaluate.suite import all_measures, measure_picture
from packshot.match.copies import find_copies
from packshot.match.pairs import find_matches
from packshot.media.decode import decode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exam import Asked

NEEDED = ("pdq", "pdq_quality", "lab16", "width_px", "height_px", "keypoints", "keypoint_count")
PEERS = ("PDQ alone", "PDQ, 8 turns", "imagehash phash", "imagehash dhash")
"""Distance in bits of 256 for PDQ (the library pdqhash), of 64 for imagehash."""
BRIDGE = "fb_threatexchange/pdq/data/bridge-mods"
TRUE_PAIRS = Path(__file__).parent / "labels" / "copies.csv"
"""Pairs of the shops' own pictures that are copies of one another, looked at one by one; the rest are not."""
TURNS = (None, *(Image.Transpose(way) for way in range(7)))


@dataclass(frozen=True, slots=True)
class Looked:
    """A picture with what is searched by."""

    id: str
    of: str
    """The picture that it is a copy of, or its own id."""
    group: str
    kind: str
    """The edit, `original` for none."""
    strength: str
    columns: dict[str, Any]
    cpu_ms: float
    peers: dict[str, Any] = field(default_factory=dict)
    picture: bytes = b""


@dataclass(frozen=True, slots=True)
class Searched:
    """All pictures, and who was paired with whom: each pair of ids in both orders."""

    pictures: tuple[Looked, ...]
    pairs: frozenset[tuple[str, str]]
    """Called a copy, or the same picture."""
    true_pairs: frozenset[tuple[str, str]]
    nearest: dict[str, dict[str, float]]
    """Peer → id → its distance: of a copy from its original, of an original from the nearest other one."""

    def false_pairs(self) -> set[frozenset[str]]:
        """Pairs that are no copies."""
        of = {one.id: one.of for one in self.pictures}
        return {
            frozenset(p) for p in self.pairs if of[p[0]] != of[p[1]] and (of[p[0]], of[p[1]]) not in self.true_pairs
        }


@lru_cache(maxsize=1)
def searched(asked: Asked, workers: int = 2) -> Searched:
    """Measure and search; raises NoData where there are no pictures."""
    asked.folder("magento2")
    bases = [one for one in base_pictures(asked.data) if one.held]
    step = max(1, len(bases) // asked.some(40, 160))
    edited_ones = {one.name for one in bases[::step]}
    tasks = [(str(one.path), one.name, one.group, one.name in edited_ones) for one in bases]
    tasks += _bridge(asked)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        looked = [one for found in pool.map(_looked, tasks, chunksize=4) for one in found]
    pairs: set[tuple[str, str]] = set()
    originals = [one for one in looked if one.kind == "original"]
    for kind in dict.fromkeys(one.kind for one in looked if one.kind != "original"):
        pairs |= _found([*originals, *(one for one in looked if one.kind == kind)])
    return Searched(tuple(looked), frozenset(pairs), _true_pairs(), _nearest(looked))


def _bridge(asked: Asked) -> list[tuple[str, str, str, bool]]:
    folder = asked.data / BRIDGE
    return [(str(path), f"bridge-mods/{path.name}", "bridge-mods", False) for path in sorted(folder.glob("*.jpg"))]


def _looked(task: tuple[str, str, str, bool]) -> list[Looked]:
    path, name, group, copied = task
    data = Path(path).read_bytes()
    if group == "bridge-mods" and not name.endswith("aaa-orig.jpg"):
        return [_one(data, name, ("bridge-mods/aaa-orig.jpg", group, "bridge-mods", ""))]
    found = [_one(data, name, (name, group, "original", ""))]
    plain = _on_white(data)
    if group == "bridge-mods":
        for turn in TURNS[1:]:
            turned = _saved(plain.transpose(turn)) if turn is not None else b""
            found.append(_one(turned, f"{name} {turn}", (name, group, "dihedral", "")))
    for kind in KINDS if copied else ():
        for number, strength in enumerate(STRENGTHS):
            found.append(
                _one(edited(plain, kind, number, name), f"{name} {kind} {strength}", (name, group, kind, strength))
            )
    return found


def _one(data: bytes, id_: str, told: tuple[str, str, str, str]) -> Looked:
    of, group, kind, strength = told
    picture = decode(data)
    measures = {n: m for n, m in all_measures().items() if {o.name for o in m.outputs} & set(NEEDED)}
    points = measures.pop("keypoints")
    values, _, _ = measure_picture(picture, measures)
    began = time.process_time()
    values |= dict(points.measure(picture))
    spent = (time.process_time() - began) * 1000
    columns = {name: values[name] for name in NEEDED}
    return Looked(
        id_, of, group, kind, strength, columns, spent, _peer_hashes(data), b"" if kind == "original" else data
    )


def _peer_hashes(data: bytes) -> dict[str, Any]:
    import imagehash
    import pdqhash

    plain = _on_white(data)
    turned = [plain if turn is None else plain.transpose(turn) for turn in TURNS]
    pdqs = [np.packbits(pdqhash.compute(np.asarray(one))[0].astype(bool)) for one in turned]
    return {
        "PDQ alone": pdqs[:1],
        "PDQ, 8 turns": pdqs,
        "imagehash phash": [np.packbits(imagehash.phash(plain).hash.ravel())],
        "imagehash dhash": [np.packbits(imagehash.dhash(plain).hash.ravel())],
    }


def _found(looked: list[Looked]) -> set[tuple[str, str]]:
    types = dict.fromkeys(("pdq", "lab16", "keypoints"), pl.Binary)
    frame = pl.DataFrame([{"asset_id": one.id, **one.columns} for one in looked], schema_overrides=types)
    same = find_matches(frame, frame.select("asset_id")).filter(pl.col("kind") == "same")
    copies = find_copies(frame, same.select("asset_a", "asset_b"))
    both = pl.concat([same.select("asset_a", "asset_b"), copies.select("asset_a", "asset_b")])
    return {pair for a, b in both.iter_rows() for pair in ((a, b), (b, a))}


def _nearest(looked: list[Looked]) -> dict[str, dict[str, float]]:
    originals = [one for one in looked if one.kind == "original"]
    place = {one.id: number for number, one in enumerate(originals)}
    true = _true_pairs()
    found: dict[str, dict[str, float]] = {}
    for peer in PEERS:
        table = np.stack([one.peers[peer][0] for one in originals])
        found[peer] = {}
        for one in looked:
            turns = np.stack(one.peers[peer])
            apart = np.bitwise_count(turns[:, None] ^ table[None]).sum(axis=2).min(axis=0).astype(float)
            if one.kind != "original":
                found[peer][one.id] = float(apart[place[one.of]])
                continue
            apart[place[one.id]] = np.inf
            apart[[place[other] for mine, other in true if mine == one.id and other in place]] = np.inf
            found[peer][one.id] = float(apart.min())
    return found


def _true_pairs() -> frozenset[tuple[str, str]]:
    with TRUE_PAIRS.open(encoding="utf-8", newline="") as opened:
        rows = [(row["one"], row["other"]) for row in csv.DictReader(opened)]
    return frozenset(pair for a, b in rows for pair in ((a, b), (b, a)))


def _on_white(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as opened:
        upright = ImageOps.exif_transpose(opened)
        if "A" in upright.getbands() or "transparency" in upright.info:
            whole = upright.convert("RGBA")
            return Image.alpha_composite(Image.new("RGBA", whole.size, "white"), whole).convert("RGB")
        return upright.convert("RGB")


def _saved(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=90)
    return file.getvalue()


def others(found: Searched) -> Iterable[tuple[Looked, int]]:
    """Each original with the number of pairs that it is falsely in, its copies' pairs included."""
    of = {one.id: one.of for one in found.pictures}
    counts: dict[str, int] = {}
    for pair in found.false_pairs():
        for id_ in {of[one] for one in pair}:
            counts[id_] = counts.get(id_, 0) + 1
    for one in found.pictures:
        if one.kind == "original":
            yield one, counts.get(one.id, 0)
