"""Trains the heads that tell from EfficientNet-lite0's features what kind of shot a picture is, and which view.

python training/shot_head.py --data ../shared/data [--cache FEATURES.npz]; numpy, opencv, Pillow, the fonts of the group
`bench` and packshot's models. About three minutes of CPU time for the features, which the cache keeps, and one for the
rest. Writes src/packshot/models/own/shot_head.npz and view_head.npz, and training/shot_head_folds.npz (heads that did
not see what they are scored on), and prints the scores of training/shot_head.md.
"""

from __future__ import annotations

import argparse
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from listing_groups import fold_of
from own_file import noted
from packshot.evaluate.faces import found_faces
from packshot.evaluate.shots import TYPE_HEAD, TYPES, VIEW_HEAD, VIEWS, WORN, type_inputs, weighed
from packshot.media.decode import decode
from packshot.media.header import Header
from packshot.media.picture import Picture
from shot_labels import Shot, labelled
from shot_pictures import DRAWN, Made, random_of
from shot_scenes import Grounds, kinds_of, scene

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Pixels = NDArray[np.uint8]
    Row = tuple[str, str, str, bool, bool, tuple[Callable[[], Picture | None], str | None, str | None]]
    """Name, shop, group, held, itself; what reads it, its kind of shot and its view."""

OWN = Path(__file__).parents[1] / "src" / "packshot" / "models" / "own"
FOLDS = 5
DIMENSIONS = 128
"""Directions of the features, those of the largest variance, that the heads may use."""
RIDGE = 0.0003
STEPS = 400
DRAWN_EACH = 120
"""Drawn pictures of each kind."""
DRAWN_COUNT = 0.5
"""What a kind that is drawn weighs beside one that was photographed as often."""
UNSEEN = ("magento2", "grocery_store", "sylius", "solidus", "tailwindtraders", "clothing_dataset")
"""Shops, each scored by heads that have seen nothing of it."""
STRANGE = ("sylius", "solidus", "tailwindtraders", "grocery_store")
"""Shops whose kinds of shots others have, too: what heads that saw nothing of them say of them counts in calibrating as
much as what is said of groups unseen, since whoever uses the heads has another shop than these."""
HEADLESS = 0.22
"""Part of a standing person, from the top, that is cut away to leave a body without a head."""
MADE = "made"
HALF = 0.5


@dataclass(frozen=True)
class Table:
    """All pictures, real and made; one row each."""

    name: list[str]
    shop: NDArray[np.str_]
    """`made` for what was drawn."""
    group: NDArray[np.str_]
    held: Flags
    itself: Flags
    """Whether it is a photograph as it is: the rest is not scored on."""
    types: Ints
    """Index into `TYPES`; −1 where that is open to dispute."""
    views: Ints
    """Index into `VIEWS`; −1 likewise."""
    inputs: Floats
    """(n, 1283)."""
    clear: Floats
    """How clear the surest face is, whatever else shows, (n,)."""


def collected(data: Path, cache: Path | None) -> Table:
    """Every labelled picture, what is made of it, and drawn ones; inputs from the cache where it has them."""
    shots = list(labelled(data))
    kept = dict(np.load(cache)) if cache is not None and cache.is_file() else {}
    rows: list[tuple[str, str, str, bool, bool, int, int]] = []
    values = []
    for name, shop, group, held, itself, made in _pictures(shots):
        key = re.sub(r"\W", "_", name)
        if key not in kept:
            picture = made[0]()
            kept[key] = np.zeros(0) if picture is None else _inputs(picture).astype(np.float32)
        if not len(kept[key]):  # nothing could be cut out
            continue
        values.append(kept[key].astype(float))
        shot_type, view = made[1], made[2]
        types = TYPES.index(shot_type) if shot_type else -1
        rows.append((name, shop, group, held, itself, types, -1 if view is None else VIEWS.index(view)))
    if cache is not None:
        np.savez(cache, **kept)
    names, shop, group, held, itself, types, views = (np.array(column) for column in zip(*rows, strict=True))
    inputs = np.array(values)
    return Table(names.tolist(), shop, group, held, itself, types, views, inputs[:, :-1], inputs[:, -1])


def _pictures(shots: list[Shot]) -> Iterator[Row]:
    bases = []
    for one in shots:
        read = _reader(one.path)
        yield one.name, one.shop, one.group, one.held, True, (read, one.shot_type, one.view)
        if one.held:
            continue
        if one.shop != "grocery_store" or one.shot_type == "packshot":
            bases.append((one, read))
        for kind, change in _changes(one):
            yield (
                f"{one.name} {kind}",
                one.shop,
                one.group,
                False,
                False,
                (_changed(read, change), one.shot_type, one.view),
            )
    yield from _scenes([one for one in shots if not one.held])
    for kind, draw in DRAWN.items():
        for number in range(DRAWN_EACH):
            base, read = bases[zlib.crc32(f"{kind} {number}".encode()) % len(bases)]
            view = "detail" if kind == "detail" else ""
            made = (_drawn(draw, f"{kind} {number}", read), kind, view)
            yield f"{MADE} {kind} {number}", MADE, base.group, False, False, made


def _scenes(shots: list[Shot]) -> Iterator[Row]:
    grounds = Grounds(
        [one.path for one in shots if one.shot_type == "flat_lay"][::3],
        [one.path for one in shots if one.shot_type == "lifestyle"][::4],
    )
    for number, one in enumerate(shots):
        if one.shop == "clothing_dataset" and number % 2:
            continue
        for kind, shot_type, view in kinds_of(one):
            made = _placed(one.path, kind, grounds, f"{one.name} {kind}")
            yield f"{one.name} {kind}", one.shop, one.group, False, False, (made, shot_type, view)


def _placed(path: Path, kind: str, grounds: Grounds, name: str) -> Callable[[], Picture | None]:
    return lambda: scene(path, kind, grounds, random_of(name))


def _changes(one: Shot) -> Iterator[tuple[str, Callable[[Pixels], Pixels]]]:
    """What is made of a photograph of a kind or a view that there are few of."""
    if one.shop in {"grocery_store", "clothing_dataset"} and one.view not in {"back", "side", "top"}:
        return
    yield "mirrored", lambda rgb: rgb[:, ::-1]
    if one.shot_type == "on_model":
        yield "headless", lambda rgb: rgb[int(HEADLESS * len(rgb)) :]
    if one.shop in {"sylius", "solidus"} or one.view in {"back", "side", "top"}:
        yield "near", lambda rgb: rgb[int(0.06 * len(rgb)) : int(0.95 * len(rgb)), int(0.05 * rgb.shape[1]) :]
        yield "soft", lambda rgb: cv2.GaussianBlur(np.clip(rgb * 0.85 + 12, 0, 255).astype(np.uint8), (0, 0), 1.5)


def _reader(path: Path) -> Callable[[], Picture]:
    return lambda: decode(path.read_bytes())


def _changed(read: Callable[[], Picture], change: Callable[[Pixels], Pixels]) -> Callable[[], Picture]:
    return lambda: as_picture(change(read().rung(900)))


def _drawn(
    draw: Callable[[np.random.Generator, Pixels], Made], name: str, read: Callable[[], Picture]
) -> Callable[[], Picture]:
    def made() -> Picture:
        drawn: Made = draw(random_of(name), np.ascontiguousarray(read().rung(500)))
        return as_picture(drawn.rgb)

    return made


def as_picture(rgb: Pixels) -> Picture:
    """A picture of pixels alone."""
    rgb = np.ascontiguousarray(rgb)
    return Picture(Header("png", 1000, rgb.shape[1], rgb.shape[0]), rgb, None)


def _inputs(picture: Picture) -> Floats:
    """What the head of types reads, and how clear the surest face is."""
    faces = max((face.score for face in picture.once(found_faces)), default=0.0)
    return np.r_[type_inputs(picture), np.clip((faces - 0.5) / 0.5, 0, 1)]


def view_rows(table: Table, types: Floats) -> Floats:
    """What the head of views reads, (n, 1285)."""
    worn = types[:, TYPES.index("on_model")]
    return np.c_[table.inputs, worn, worn * np.where(worn >= WORN, table.clear, 0)]


def weights_of(table: Table, truth: Ints, chosen: Flags) -> Floats:
    """A class weighs as the root of the number of its pictures, and of each class a shop likewise."""
    weights = np.zeros(len(truth))
    for one in np.unique(truth[chosen]):
        of_class = chosen & (truth == one)
        for shop in np.unique(table.shop[of_class]):
            those = of_class & (table.shop == shop)
            weights[those] = those.sum() ** -0.5
        made = (table.shop[of_class] == MADE).mean()
        weights[of_class] *= of_class.sum() ** 0.5 / weights[of_class].sum() * (DRAWN_COUNT if made > HALF else 1)
    return weights[chosen] / weights[chosen].sum()


def fitted(inputs: Floats, truth: Ints, weights: Floats, classes: int, ridge: float = RIDGE) -> dict[str, Floats]:
    """`weights` (classes, n) and `bias`: ridge multinomial logistic regression in the features' first directions.

    Nesterov's accelerated descent; the few columns behind the features are read as they are.
    """
    features = 1280
    middle = inputs[:, :features].mean(axis=0)
    centred = inputs[:, :features] - middle
    _, vectors = np.linalg.eigh(centred.T @ centred)
    axes = vectors[:, ::-1][:, :DIMENSIONS]
    seen = np.c_[centred @ axes, inputs[:, features:] * SMALL, np.ones(len(inputs))]
    wanted = np.eye(classes)[truth]
    held = np.r_[np.full(seen.shape[1] - 1, ridge), 1e-9]
    reach = 0.5 * np.linalg.eigvalsh((seen * weights[:, None]).T @ seen).max() + ridge
    found = np.zeros((seen.shape[1], classes))
    ahead = found
    for step in range(STEPS):
        logits = seen @ ahead
        risen = np.exp(logits - logits.max(axis=1, keepdims=True))
        told = risen / risen.sum(axis=1, keepdims=True)
        slope = seen.T @ (weights[:, None] * (told - wanted)) + held[:, None] * ahead
        before, found = found, ahead - slope / reach
        ahead = found + step / (step + 3) * (found - before)
    turned = axes @ found[:DIMENSIONS]
    rows = np.r_[turned, found[DIMENSIONS:-1] * SMALL].T
    return {"weights": rows, "bias": found[-1] - middle @ turned}


SMALL = 0.3
"""By which plainness, wear and faces are scaled: to the size of the features' directions, for which the ridge is."""


def heads_of(table: Table, chosen: Flags) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """The head of types and that of views, from the chosen pictures."""
    those = chosen & (table.types >= 0)
    types = fitted(table.inputs[those], table.types[those], weights_of(table, table.types, those), len(TYPES))
    rows, those = view_rows(table, weighed(types, table.inputs)), chosen & (table.views >= 0)
    views = fitted(rows[those], table.views[those], weights_of(table, table.views, those), len(VIEWS))
    return types, views


def told_by(heads: tuple[dict[str, Floats], dict[str, Floats]], table: Table) -> tuple[Floats, Floats]:
    """The probabilities of types and of views, of all pictures."""
    types = weighed(heads[0], table.inputs)
    return types, weighed(heads[1], view_rows(table, types))


def temperature(probabilities: Floats, truth: Ints) -> float:
    """What divides the logits so that the probabilities fit best."""
    logs = np.log(np.maximum(probabilities, 1e-12))
    best = (np.inf, 1.0)
    for heat in np.geomspace(0.25, 4, 41):
        scaled = logs / heat
        norm = np.log(np.exp(scaled - scaled.max(axis=1, keepdims=True)).sum(axis=1)) + scaled.max(axis=1)
        best = min(best, (float((norm - scaled[np.arange(len(truth)), truth]).mean()), float(heat)))
    return best[1]


def cooled(head: dict[str, Floats], heat: float) -> dict[str, Floats]:
    """The head with its logits divided."""
    return {name: one / heat for name, one in head.items()}


def macro_f1(said: Ints, truth: Ints, classes: list[int]) -> float:
    """The mean of F1 over the classes; an abstention (−1) finds nothing."""
    scores = []
    for one in classes:
        right = float(((said == one) & (truth == one)).sum())
        scores.append(2 * right / max(1.0, float((said == one).sum() + (truth == one).sum())))
    return float(np.mean(scores))


def tell(name: str, probabilities: Floats, truth: Ints, names: tuple[str, ...], bound: float = 0.5) -> None:
    """Print macro F1 of the classes that the truth has, coverage, and what is mistaken for what."""
    best = probabilities.argmax(axis=1)
    said = np.where(probabilities.max(axis=1) >= bound, best, -1)
    classes = [number for number in np.unique(truth) if names[number]]
    right = said == truth
    print(
        f"{name}: n {len(truth)} macro F1 {macro_f1(said, truth, classes):.3f} forced "
        f"{macro_f1(best, truth, classes):.3f} answered {(said >= 0).mean():.3f} right of those "
        f"{right[said >= 0].mean():.3f} ECE {_ece(probabilities, truth):.3f}"
    )
    for one in np.unique(truth):
        those = truth == one
        wrong = {names[k] if k >= 0 else "?": int((said[those] == k).sum()) for k in np.unique(said[those])}
        print(f"   {names[one] or 'none':12} {int(those.sum()):4} → {wrong}")


def _ece(probabilities: Floats, truth: Ints) -> float:
    likely, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == truth
    bins = np.array_split(np.argsort(likely, kind="stable"), 10)
    return float(sum(abs(likely[b].mean() - right[b].mean()) * len(b) for b in bins if len(b)) / len(truth))


def main(data: Path, cache: Path | None) -> None:
    """Train, score, write."""
    table = collected(data, cache)
    fold = np.array([fold_of(group) for group in table.group])
    free = ~table.held
    out = np.zeros((len(fold), len(TYPES))), np.zeros((len(fold), len(VIEWS)))
    folds: dict[str, tuple[dict[str, Floats], dict[str, Floats]]] = {}
    for number in range(FOLDS):
        folds[str(number)] = heads_of(table, free & (fold != number))
        for kept, told in zip(out, told_by(folds[str(number)], table), strict=True):
            kept[fold == number] = told[fold == number]
    elsewhere = out[0].copy(), out[1].copy()
    for shop in UNSEEN:
        folds[shop] = heads_of(table, free & (table.shop != shop))
        for kept, told in zip(elsewhere, told_by(folds[shop], table), strict=True):
            kept[table.shop == shop] = told[table.shop == shop]
    heat = []
    for kept, unseen, truth in zip(out, elsewhere, (table.types, table.views), strict=True):
        real = free & table.itself & (truth >= 0)
        strange = real & np.isin(table.shop, STRANGE)
        heat.append(temperature(np.r_[kept[real], unseen[strange]], np.r_[truth[real], truth[strange]]))
    print("temperatures", [round(one, 2) for one in heat])
    for shop in UNSEEN:
        seen = table.itself & (table.shop == shop)
        _tell_both(f"shop unseen: {shop}", told_by(_cooled(folds[shop], heat), table), table, seen)
    whole = _cooled(heads_of(table, free), heat)
    told = told_by(whole, table)
    _tell_both("held", told, table, table.held & np.isin(table.shop, UNSEEN))
    _tell_both("never trained on", told, table, table.held & ~np.isin(table.shop, UNSEEN))
    _write(whole, {name: _cooled(pair, heat) for name, pair in folds.items()})


def _cooled(pair: tuple[dict[str, Floats], dict[str, Floats]], heat: list[float]) -> tuple[dict[str, Floats], ...]:
    return tuple(cooled(head, one) for head, one in zip(pair, heat, strict=True))


def _tell_both(name: str, told: tuple[Floats, Floats], table: Table, those: Flags) -> None:
    for kind, found, truth, names in (
        ("types", told[0], table.types, TYPES),
        ("views", told[1], table.views, VIEWS),
    ):
        known = those & (truth >= 0)
        if known.any():
            tell(f"{name}, {kind}", found[known], truth[known], names)


def _write(whole: tuple[dict[str, Floats], ...], folds: dict[str, tuple[dict[str, Floats], ...]]) -> None:
    for name, head in zip((TYPE_HEAD, VIEW_HEAD), whole, strict=True):
        np.savez(OWN / f"{name}.npz", **{key: one.astype(np.float32) for key, one in head.items()})
        noted(OWN / f"{name}.npz")
    kept = {
        f"{fold} {name} {key}": one.astype(np.float16)
        for fold, pair in folds.items()
        for name, head in zip((TYPE_HEAD, VIEW_HEAD), pair, strict=True)
        for key, one in head.items()
    }
    np.savez_compressed(Path(__file__).parent / "shot_head_folds.npz", **kept)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of real pictures")
    parser.add_argument("--cache", type=Path, help="keep the features here")
    asked = parser.parse_args()
    main(asked.data, asked.cache)
