"""Learns the map from pictures to the vectors of titles: python training/title_map.py --data ../shared/data.

Needs the models efficientnet-lite0 and minilm-l6-int8 (`packshot models fetch`). The same pictures give the same file.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from onnx_weights import weights
from packshot.evaluate.features import MODEL as EYES
from packshot.evaluate.features import seen
from packshot.evaluate.titles import title_map
from packshot.evaluate.titles.listing_text import leaf, normal
from packshot.evaluate.titles.title_map import NUMBERS, TitleMap, read_map
from packshot.evaluate.titles.title_vectors import text_vectors
from packshot.media.decode import decode
from packshot.models import desk
from packshot.models.cache import verified_path

if TYPE_CHECKING:
    from numpy.typing import NDArray

CATALOGUES = {
    "magento2": "AFL-3.0",
    "tailwindtraders": "MIT",
    "solidus": "BSD-3-Clause",
    "sylius": "MIT",
    "grocery_store": "MIT",
    "clothing_dataset": "CC0-1.0",
}
"""Folder of the data → licence."""
UNNAMED = ("Not sure", "Other", "Skip")
"""Categories of clothing_dataset that name nothing."""
TEMPERATURE, TITLE_WEIGHT, HUB = 2.0, 0.5, 0.5
RIDGE = 4.0
"""Chosen by leaving out listings and datasets in turn: see title_map.md."""
RANK = 64
SEED = 1


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Pictures with the words of their listings; every array has a row for each picture."""

    path: NDArray[np.str_]
    dataset: NDArray[np.str_]
    listing: NDArray[np.str_]
    product: NDArray[np.str_]
    """Colour variants of one product are one."""
    title: NDArray[np.str_]
    category: NDArray[np.str_]
    features: NDArray[np.float16]
    titles: NDArray[np.float16]
    categories: NDArray[np.float16]

    def some(self, which: NDArray[Any]) -> Pairs:
        """Those rows."""
        return Pairs(*(getattr(self, field.name)[which] for field in fields(self)))


def read_pairs(data: Path) -> Pairs:
    """Every picture of the catalogues in `data` that is there and named."""
    rows = [row for name in CATALOGUES for row in _rows(data, name)]
    features = np.concatenate([desk.run(EYES, seen(decode((data / row[0]).read_bytes())))[0] for row in rows])
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    known = {text: number for number, text in enumerate(dict.fromkeys([*columns[4], *columns[5]]))}
    vectors = text_vectors(list(known))
    for text, number in known.items():
        vectors[number] *= bool(text)
    each = [vectors[[known[text] for text in columns[place]]] for place in (4, 5)]
    return Pairs(*columns, features.astype(np.float16), *each)


def _rows(data: Path, name: str) -> list[tuple[str, str, str, str, str, str]]:
    found = []
    with (data / name / "catalog.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            path = f"{name}/{row['image_path']}"
            if row["title"] in UNNAMED or not (data / path).is_file():
                continue
            one = row["title"] if name == "clothing_dataset" else row["product_id"]
            product = one.split("-")[0] if name == "magento2" else one
            words = (normal(row["title"]), leaf(row["category"]))
            found.append((path, name, f"{name}:{one}", f"{name}:{product}", *words))
    return found


def class_vectors() -> NDArray[np.float32]:
    """The mean vector of each class's names, (1000, 384)."""
    names = json.loads(verified_path(EYES, "synonyms.json").read_text(encoding="utf-8"))
    words = [[word.strip() for word in names[str(number)].split(",")] for number in range(len(names))]
    return np.stack([text_vectors(each).astype(np.float32).mean(axis=0) for each in words])


def bridge() -> TitleMap:
    """The map without anything learnt: the class names alone (ConSE, M. Norouzi and others, ICLR 2014)."""
    head, bias = weights(verified_path(EYES), "_fc.weight", "_fc.bias")
    vectors = class_vectors()
    centre = vectors.mean(axis=0)
    return TitleMap(
        head=head,
        bias=bias,
        classes=_unit(vectors - centre),
        centre=centre,
        temperature=TEMPERATURE,
        bridge=1.0,
        mean=np.zeros(1280, np.float32),
        spread=np.ones(1280, np.float32),
        learnt_in=np.zeros((1280, 1), np.float32),
        learnt_out=np.zeros((1, 384), np.float32),
        title_weight=TITLE_WEIGHT,
        hub=HUB,
        slope=1.0,
        middle=0.0,
    )


def fit(pairs: Pairs, plain: TitleMap, ridge: float = RIDGE) -> TitleMap:
    """Ridge regression of what the class names leave unsaid, each listing weighing the same.

    Features are centred on their dataset's mean when learning, so that what tells the datasets apart is not learnt as
    what tells things apart; pictures of elsewhere are centred on the mean of those means.
    """
    features = pairs.features.astype(np.float32)
    means = {name: features[pairs.dataset == name].mean(axis=0) for name in np.unique(pairs.dataset)}
    spread = features.std(axis=0) + 0.01
    inner = (features - np.stack([means[name] for name in pairs.dataset])) / spread
    scale = float(np.linalg.norm(inner, axis=1).mean())
    named, wanted = plain.of_pictures(pairs.features), plain.of_texts(pairs.titles, pairs.categories)
    much = float((named * wanted).sum() / (named * named).sum())
    _, listing, counts = np.unique(pairs.listing, return_inverse=True, return_counts=True)
    weight = (1 / np.sqrt(counts[listing]))[:, None]
    x, y = inner / scale * weight, (wanted - much * named) * weight
    learnt = x.T @ np.linalg.solve(x @ x.T + ridge * np.eye(len(x)), y)
    left, strength, right = np.linalg.svd(learnt, full_matrices=False)
    return replace(
        plain,
        bridge=much,
        mean=np.mean(list(means.values()), axis=0),
        spread=spread * scale,
        learnt_in=(left[:, :RANK] * strength[:RANK]).astype(np.float32),
        learnt_out=right[:RANK].astype(np.float32),
    )


def left_out(pairs: Pairs, plain: TitleMap, *, by: str) -> NDArray[np.float32]:
    """Vectors of all pictures, each by a map that saw nothing of its `dataset`, or of its tenth of the `product`s."""
    names = np.unique(getattr(pairs, by))
    parts = np.arange(len(names)) if by == "dataset" else np.random.default_rng(SEED).integers(0, 10, len(names))
    part = dict(zip(names.tolist(), parts.tolist(), strict=True))
    mine = np.array([part[name] for name in getattr(pairs, by).tolist()])
    out = np.zeros((len(mine), 384), np.float32)
    for number in np.unique(mine):
        there = mine == number
        out[there] = fit(pairs.some(~there), plain).of_pictures(pairs.features[there])
    return out


def calibrated(pairs: Pairs, made: TitleMap, vectors: NDArray[np.float32]) -> TitleMap:
    """With the slope and middle of a logistic regression: own titles against those of other datasets and categories."""
    texts = made.of_texts(pairs.titles, pairs.categories)
    scores = vectors @ texts.T - made.hub * made.nearness(texts)
    far = (pairs.dataset[:, None] != pairs.dataset) & (pairs.category[:, None] != pairs.category)
    random = np.random.default_rng(SEED)
    others = np.array([scores[row, random.choice(np.flatnonzero(far[row]))] for row in range(len(scores))])
    values = np.concatenate([np.diag(scores), others]).astype(np.float64)
    own = np.concatenate([np.ones(len(scores)), np.zeros(len(scores))])
    slope, offset = 1.0, 0.0
    for _ in range(50):  # Newton
        p = 1 / (1 + np.exp(-(slope * values + offset)))
        w = p * (1 - p) + 1e-9
        grad = np.array([((own - p) * values).sum(), (own - p).sum()])
        hess = np.array([[(w * values**2).sum(), (w * values).sum()], [(w * values).sum(), w.sum()]])
        step = np.linalg.solve(hess, grad)
        slope, offset = slope + step[0], offset + step[1]
    return replace(made, slope=float(slope), middle=float(-offset / slope))


def write(made: TitleMap, path: Path) -> None:
    """Into an npz file that `read_map` reads: the classifier and the class names to 8 bits, the rest to 16."""
    arrays: dict[str, Any] = {}
    for name in ("head", "classes"):
        values = getattr(made, name)
        step = np.abs(values).max(axis=1) / 127
        arrays[name] = np.round(values / step[:, None]).astype(np.int8)
        arrays[f"{name}_scale"] = step.astype(np.float32)
    for name in ("bias", "centre", "mean", "spread"):
        arrays[name] = getattr(made, name).astype(np.float32)
    for name in ("learnt_in", "learnt_out"):
        arrays[name] = getattr(made, name).astype(np.float16)
    arrays["numbers"] = np.array([getattr(made, name) for name in NUMBERS], np.float32)
    np.savez_compressed(path, **arrays)


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def main() -> None:
    """Learn from everything, calibrate on left-out listings, write, and say the checksum."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    ships = Path(title_map.__file__).parents[2] / f"models/own/{title_map.NAME}.npz"
    parser.add_argument("--out", type=Path, default=ships)
    asked = parser.parse_args()
    pairs, plain = read_pairs(asked.data), bridge()
    made = calibrated(pairs, fit(pairs, plain), left_out(pairs, plain, by="product"))
    write(made, asked.out)
    data = asked.out.read_bytes()
    with np.load(asked.out, allow_pickle=False) as kept:
        read_map(dict(kept))
    print(f"{len(pairs.path)} pictures, {len(np.unique(pairs.listing))} listings; {len(data):,} bytes")
    print(f'title_map = "{hashlib.sha256(data).hexdigest()}"')
    print({name: getattr(made, name) for name in NUMBERS})


if __name__ == "__main__":
    main()
