"""Trains the small model that says whether the text reader and the face detector can be spared.

python training/screens.py --data ../shared/data [--cache FOLDER]; needs PyTorch and onnx besides packshot. On one core
about six minutes for the pictures, which the cache keeps, and three for the steps. Writes
src/packshot/models/own/screens.onnx, and prints what heads that did not see the group miss at which bound.
"""

from __future__ import annotations

import argparse
import pickle
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from own_file import noted
from screen_pictures import Seen, pictures

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Boxes = list[tuple[float, float, float, float]]

OWN = Path(__file__).parents[1] / "src" / "packshot" / "models" / "own"
CACHE = Path.home() / ".cache" / "packshot-training" / "screens"
MAPS = {4: 24, 8: 40, 16: 112}
WIDTH = 48
FOLDS, EPOCHS, BATCH, RATE, DECAY = 3, 6, 16, 2e-3, 1e-3
POSITIVE = 6.0
"""Weight of a cell that shows something: what is missed costs more than what is looked at in vain."""


class Finder(nn.Module):
    """Two maps of logits at stride 8: words, faces."""

    def __init__(self) -> None:
        super().__init__()
        self.sides = nn.ModuleDict({str(s): nn.Conv2d(c, WIDTH, 1) for s, c in MAPS.items()})
        self.look = nn.Conv2d(WIDTH, WIDTH, 3, padding=1, groups=WIDTH)
        self.mix = nn.Conv2d(WIDTH, WIDTH, 1)
        self.tell = nn.Conv2d(WIDTH, 2, 1)

    def forward(self, four: Tensor, eight: Tensor, sixteen: Tensor) -> Tensor:
        """Logits (batch, 2, h, w) from the maps of stride 4, 8 and 16."""
        x = self.sides["8"](eight) + functional.avg_pool2d(self.sides["4"](four), 2)
        x = functional.relu(x + functional.interpolate(self.sides["16"](sixteen), scale_factor=2.0, mode="nearest"))
        return self.tell(functional.relu(x + self.mix(functional.relu(self.look(x)))))


class _Shipped(nn.Module):
    def __init__(self, finder: Finder) -> None:
        super().__init__()
        self.finder = finder

    def forward(self, four: Tensor, eight: Tensor, sixteen: Tensor) -> tuple[Tensor, Tensor]:
        told = torch.sigmoid(self.finder(four, eight, sixteen))
        return told[:, :1], told[:, 1:]


def main(data: Path, cache: Path, out: Path) -> None:
    """Train on folds and on everything, write, and print what is missed."""
    torch.set_num_threads(1)
    seen = _kept(data, cache)
    print(f"{len(seen)} pictures")
    fold = np.array([zlib.crc32(s.group.encode()) % FOLDS for s in seen])
    told = np.zeros((len(seen), 2))
    for number in range(FOLDS):
        finder = _trained([s for s, f in zip(seen, fold, strict=True) if f != number])
        for row in np.flatnonzero(fold == number):
            told[row] = scores(finder, seen[row])
    for column, name in enumerate(("words", "faces")):
        _tell(name, told[:, column], np.array([bool(s.text if column == 0 else s.faces) for s in seen]), seen)
    _export(_trained(seen), out)
    noted(out)


def _kept(data: Path, cache: Path) -> list[Seen]:
    file = cache / "screens.pickle"
    if not file.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        file.write_bytes(pickle.dumps(list(pictures(data))))
    found = pickle.loads(file.read_bytes())  # noqa: S301 - written by this script
    return list(found)


def _trained(these: list[Seen]) -> Finder:
    torch.manual_seed(0)
    finder = Finder()
    shapes: dict[tuple[int, ...], list[int]] = {}
    for number, one in enumerate(these):
        shapes.setdefault(one.maps[1].shape, []).append(number)
    targets = [_targets(one) for one in these]
    rng = np.random.default_rng(0)
    steps = EPOCHS * sum(-(-len(rows) // BATCH) for rows in shapes.values())
    learner = torch.optim.AdamW(finder.parameters(), RATE, weight_decay=DECAY)
    plan = torch.optim.lr_scheduler.OneCycleLR(learner, RATE * 2, total_steps=steps)
    for _ in range(EPOCHS):
        lots = []
        for rows in shapes.values():
            order = rng.permutation(rows)
            lots += [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
        for place in rng.permutation(len(lots)):
            rows = lots[place]
            maps = [torch.from_numpy(np.stack([these[r].maps[k] for r in rows]).astype(np.float32)) for k in range(3)]
            truth, counts = (torch.from_numpy(np.stack([targets[r][k] for r in rows])) for k in range(2))
            loss = _loss(finder(*maps), truth, counts)
            learner.zero_grad()
            loss.backward()
            learner.step()
            plan.step()
    return finder.eval()


def _loss(logits: Tensor, truth: Tensor, counts: Tensor) -> Tensor:
    """Each cell, and the likeliest cell of each picture."""
    cells = (
        functional.binary_cross_entropy_with_logits(
            logits, truth, weight=counts, pos_weight=torch.tensor(POSITIVE), reduction="sum"
        )
        / counts.sum()
    )
    shown = torch.where(counts > 0, logits, torch.full_like(logits, -30.0)).flatten(2)
    whole = torch.where(counts > 0, truth, torch.zeros_like(truth)).flatten(2).amax(dim=2)
    likeliest = torch.logsumexp(shown * 2, dim=2) / 2 - 1.5
    picture = functional.binary_cross_entropy_with_logits(likeliest, whole, pos_weight=torch.tensor(2.0))
    return cells + 0.3 * picture


def _targets(one: Seen) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """What each cell shows, (2, h, w), and which cells count."""
    height, width = one.maps[1].shape[1:]
    truth, counts = np.zeros((2, height, width), np.float32), np.zeros((2, height, width), np.float32)
    wide, high = max(1, round(width * one.shares[0])), max(1, round(height * one.shares[1]))
    counts[:, :high, :wide] = 1
    for number, (sure, unsure) in enumerate(((one.text, one.doubtful), (one.faces, one.faint))):
        for box in unsure:
            counts[(number, *_cells(box, (high, wide)))] = 0
        for box in sure:
            truth[(number, *_cells(box, (high, wide)))] = 1
            counts[(number, *_cells(box, (high, wide)))] = 1
    return truth, counts


def _cells(box: tuple[float, float, float, float], size: tuple[int, int]) -> tuple[slice, slice]:
    x, y, w, h = box
    rows = slice(int(y * size[0]), max(int(y * size[0]) + 1, round((y + h) * size[0])))
    return rows, slice(int(x * size[1]), max(int(x * size[1]) + 1, round((x + w) * size[1])))


@torch.no_grad()
def scores(finder: Finder, one: Seen) -> tuple[float, float]:
    """The likeliest cell of a picture: words, faces, each 0 to 1."""
    told = torch.sigmoid(finder(*(torch.from_numpy(m.astype(np.float32))[None] for m in one.maps[:3])))[0].numpy()
    height, width = told.shape[1:]
    high, wide = max(1, round(height * one.shares[1])), max(1, round(width * one.shares[0]))
    return float(told[0, :high, :wide].max()), float(told[1, :high, :wide].max())


def _tell(name: str, told: NDArray[np.float64], there: NDArray[np.bool_], seen: list[Seen]) -> None:
    print(f"{name}: there in {there.sum()} of {len(there)}")
    for share in (0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 1.0):
        bound = np.quantile(told[there], 1 - share)
        spared = (told < bound) & ~there
        real = np.array([s.kind == "as it is" for s in seen])
        print(f"  {share}: from {bound:.4f} on; spared {spared.sum() / (~there).sum():.3f} of the others, as they are "
              f"{(spared & real).sum() / (~there & real).sum():.3f}")  # fmt: skip


def _export(finder: Finder, out: Path) -> None:
    side = 352
    shown = tuple(torch.zeros(1, c, side // s, side // s) for s, c in MAPS.items())
    names, outputs = [f"stride{s}" for s in MAPS], ["words", "faces"]
    axes = {name: {0: "batch", 2: f"h{name}", 3: f"w{name}"} for name in (*names, *outputs)}
    torch.onnx.export(
        _Shipped(finder), shown, out, input_names=names, output_names=outputs, dynamic_axes=axes, dynamo=False
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of real pictures")
    parser.add_argument("--cache", type=Path, default=CACHE, help="a folder for what is costly to make")
    parser.add_argument("--out", type=Path, default=OWN / "screens.onnx")
    chosen = parser.parse_args()
    main(chosen.data, chosen.cache, chosen.out)
