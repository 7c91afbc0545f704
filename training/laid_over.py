"""Trains the model of what is laid over pictures: overlays and watermarks. See laid_over.md.

python training/laid_over.py --data ../shared/data --cache FOLDER   # PYTHONPATH=src; torch and onnx, Debian's fonts
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn

from overlaid.bases import Bases
from overlaid.learning import answers, trained
from overlaid.maps import UNKNOWN, shown
from overlaid.network import ANSWERS, INPUTS, OUTPUTS, Overlays
from overlaid.stored import make
from own_file import noted

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

    from overlaid.maps import Shown

    Scores = NDArray[np.float64]

OWN = Path(__file__).parents[1] / "src" / "packshot" / "models" / "own"
NAME = "laid_over"
FIRST, LAST = (550, 3e-3), (120, 2e-3)
"""Steps, of about twelve pictures each, and highest rate of both rounds."""
CALIBRATED = ANSWERS[:2]
"""What ships: a head of its own tells collages better (collage_head.md), though to ask helps the network to learn."""
CHANNELS = {"stride_4": 24, "stride_8": 40, "stride_16": 112, "stride_32": 320}


class Calibrated(nn.Module):
    """The network with its answers brought to probabilities that hold what they say."""

    def __init__(self, network: Overlays, lines: list[tuple[float, float]]) -> None:
        """`lines`: slope and constant for each answer."""
        super().__init__()
        self.network = network
        self.slopes = nn.Parameter(torch.tensor([slope for slope, _ in lines]), requires_grad=False)
        self.constants = nn.Parameter(torch.tensor([constant for _, constant in lines]), requires_grad=False)

    def forward(self, *inputs: Tensor) -> tuple[Tensor, Tensor]:
        """As the network's."""
        heat, said = self.network(*inputs)
        return heat, said[:, : len(CALIBRATED)] * self.slopes + self.constants


def line(score: Scores, label: Scores) -> tuple[float, float]:
    """Slope and constant that make scores log-odds: Platt's, with his targets, by Newton's method with short steps."""
    yes, no = (label == 1).sum(), (label == 0).sum()
    target = np.where(label == 1, (yes + 1) / (yes + 2), 1 / (no + 2))
    columns = np.stack([score, np.ones(len(score))], axis=1)
    weights = np.array([1.0, 0.0])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(columns @ weights, -30, 30)))
        slope = columns.T @ (chance - target) + 1e-3 * (weights - [1, 0])
        bend = (columns * (chance * (1 - chance))[:, None]).T @ columns + 1e-3 * np.eye(2)
        step = np.linalg.solve(bend, slope)
        weights = weights - step / max(1.0, float(np.abs(step).max()) / 0.25)  # a whole step may fly off
    return float(max(weights[0], 0.05)), float(weights[1])


def average_precision(score: Scores, label: Scores) -> float:
    """The mean of the precision at each hit, in the order of the scores."""
    order = np.argsort(-score, kind="stable")
    hits = label[order] == 1
    return float((np.cumsum(hits) / np.arange(1, len(hits) + 1))[hits].mean())


def told(these: list[Shown], score: Scores) -> dict[str, object]:
    """How it does on pictures made for validation; `score` (n, 2) log-odds."""
    labels = np.array([one.labels for one in these])
    found: dict[str, object] = {"pictures": len(these)}
    for place, name in enumerate(CALIBRATED):
        asked = labels[:, place] != UNKNOWN
        own, label = score[asked, place], labels[asked, place]
        low = own[label == 0]
        found[name] = {
            "ap": round(average_precision(own, label), 3),
            "recall": round(float((own[label == 1] > 0).mean()), 3),
            "false": round(float((low > 0).mean()), 3),
            "recall at 1 % false": round(float((own[label == 1] > np.quantile(low, 0.99)).mean()), 3),
            "n": [int((label == 1).sum()), int((label == 0).sum())],
        }
    prints = np.array(["print" in one.kind and one.labels[0] == 0 for one in these])
    found["printed called overlaid at 0.5, 0.8, 0.9"] = [
        round(float((score[prints, 0] > np.log(bound / (1 - bound))).mean()), 3) for bound in (0.5, 0.8, 0.9)
    ]
    pairs = [score[row, 1] > score[one.partner, 1] for row, one in enumerate(these) if one.partner >= 0]
    found["pairs of watermarks ordered right"] = [round(float(np.mean(pairs)), 3), len(pairs)]
    return found


def by_kind(these: list[Shown], score: Scores) -> None:
    """Print how often each kind of picture is called what, at a half."""
    kinds: dict[str, list[NDArray[np.float64]]] = {}
    for one, own in zip(these, score, strict=True):
        for word in {one.kind.split(" + ")[0], *(f"+ {word}" for word in " ".join(one.kind.split(" + ")[1:]).split())}:
            kinds.setdefault(word, []).append(own)
    for kind, rows in sorted(kinds.items()):
        print(f"{kind:24} {len(rows):4}", *(f"{share:.2f}" for share in (np.array(rows) > 0).mean(axis=0)))


def ship(network: nn.Module) -> None:
    """Write the graph and its checksum."""
    rows, columns = 44, 36
    maps = [(1, count, rows * 8 // int(name[7:]), columns * 8 // int(name[7:])) for name, count in CHANNELS.items()]
    example = (
        torch.zeros((1, 1, rows * 16, columns * 16), dtype=torch.int8),
        *(torch.zeros(shape) for shape in maps),
        torch.ones((1, 1, rows, columns)),
    )
    free = {name: {0: "batch", 2: f"{name}_rows", 3: f"{name}_columns"} for name in (*INPUTS, "heat")}
    path = OWN / f"{NAME}.onnx"
    torch.onnx.export(
        network.eval(),
        example,
        path,
        input_names=list(INPUTS),
        output_names=list(OUTPUTS),
        dynamic_axes={**free, "answers": {0: "batch"}},
        opset_version=17,
        dynamo=False,
    )
    noted(path)


def main() -> None:
    """Make the pictures, train, calibrate on those for validation, ship."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--cache", type=Path, default=Path("/var/tmp/packshot-laid_over"))  # noqa: S108 - a cache
    parser.add_argument("--pictures", type=int, default=1760, help="draws for training; 7 to 40 of them for validation")
    asked = parser.parse_args()
    counts = {"train": asked.pictures, "validate": asked.pictures * 7 // 40}
    for part, count in counts.items():
        folder = asked.cache / part
        if not (folder / f"{count - 1:05d}.json").exists():
            make(Bases(asked.data, part).load(), folder, 0, count)  # type: ignore[arg-type]
    held = shown(asked.cache / "validate")
    these, first = shown(asked.cache / "train"), asked.cache / "first.pt"
    trained(these, *FIRST, keep=first)
    network = trained(these, *LAST, first, keep=asked.cache / "last.pt")
    score = answers(network, held)
    labels = np.array([one.labels for one in held])
    known = labels != UNKNOWN
    lines = [line(score[known[:, one], one], labels[known[:, one], one]) for one in range(len(CALIBRATED))]
    print("calibration", [(round(slope, 3), round(constant, 3)) for slope, constant in lines])
    score = score[:, : len(lines)] * [slope for slope, _ in lines] + [constant for _, constant in lines]
    np.save(asked.cache / "validation.npy", score)
    print(json.dumps(told(held, score), indent=1))
    by_kind(held, score)
    ship(Calibrated(network, lines))


if __name__ == "__main__":
    main()
