"""Trains the decoder that reads the product's mask off the shared feature maps.

python training/product_mask.py --data ../shared/data [--cache FOLDER] [--steps N]; needs PyTorch and onnx, too.
On one core: six minutes for the pictures, eight for the teacher's masks, two for the maps, and about twelve for the
steps. Writes src/packshot/models/own/product_mask.onnx, and prints the scores of what was kept apart.
"""

from __future__ import annotations

import argparse
import time
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

from mask_decoder import Decoder, export
from mask_maps import batches, shelves
from mask_pictures import made
from own_file import noted
from packshot.evaluate.feature_maps import MODEL, filled
from packshot.models import desk

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

    from mask_maps import Pixels, Planes, Shelf

OWN = Path(__file__).parents[1] / "src" / "packshot" / "models" / "own"
CACHE = Path.home() / ".cache" / "packshot-training" / "product_mask"
SCENES, SEEDS, VARIANTS = 2000, 14, 2
"""Composed pictures, looks of each drawn kind, variants of each photograph that the teacher sees."""
KEPT_OF = 25
STEPS, BATCH, RATE, DECAY = 750, 8, 3e-3, 1e-4
PLANNED = 1150
"""Steps over which the rate falls to nought; the running mean of the weights is taken before."""
MEMORY = 0.997
"""Of the running mean of the weights, which is what ships."""
EDGE = 3.0
"""Extra weight of pixels by the edge of the mask."""
SIDES = {2: 1.0, 4: 0.4, 8: 0.3, 16: 0.2, 32: 0.2}
"""Weight of the loss at each stride."""


def main(data: Path, cache: Path, steps: int, out: Path) -> None:
    """Make the pictures, train, write."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    *scenes, taught = made(data, cache, SCENES, SEEDS, VARIANTS)
    these = shelves(scenes, _trunk, cache, KEPT_OF)
    print(f"{sum(len(one.kept) for one in these)} pictures of {len(these)} shapes", flush=True)
    decoder = Decoder().to(memory_format=torch.channels_last)
    mean = deepcopy(decoder)
    learner = torch.optim.AdamW(decoder.parameters(), RATE, weight_decay=DECAY)
    plan = torch.optim.lr_scheduler.OneCycleLR(learner, RATE, total_steps=max(PLANNED, steps), pct_start=0.1)
    rng, done, start = np.random.default_rng(0), 0, time.process_time()
    recent: list[float] = []
    alone = len(these)
    while done < steps:
        for shelf, rows in batches(these, rng, BATCH):
            decoder.train()
            image, maps, mask, valid = _tensors(shelf, rows)
            loss = _loss(decoder(image, *maps), mask, valid)
            learner.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(decoder.parameters(), 2.0)
            learner.step()
            plan.step()
            _remember(mean, decoder, min(MEMORY, (done + 1) / (done + 10)))
            recent.append(float(loss))
            done += 1
            if done % 250 == 0 or done == steps:
                spent = (time.process_time() - start) / 60
                told = np.mean(recent[-250:])
                print(f"{done} steps, {spent:.1f} min, loss {told:.3f}, kept: {_scores(mean, these)}", flush=True)
                export(deepcopy(mean).to(memory_format=torch.contiguous_format).eval(), out)
                noted(out)
            if done >= steps:
                break
        if len(these) == alone:  # exact masks first, then the teacher's, too
            these += shelves([taught], _trunk, cache, KEPT_OF)


def _trunk(rgb: Pixels) -> tuple[Planes, list[Planes]]:
    """What the trunk sees of a picture whose long side is as long as it takes, (3, H, W), and its maps."""
    image = filled(rgb)
    return image[0], [one[0] for one in desk.run(MODEL, image)]


def _tensors(shelf: Shelf, rows: NDArray[np.intp]) -> tuple[Tensor, list[Tensor], Tensor, Tensor]:
    """Image, maps, mask and where the picture is, of some pictures of a shelf."""
    lay = torch.channels_last
    image = torch.from_numpy(shelf.image[rows].astype(np.float32)).contiguous(memory_format=lay)
    maps = [torch.from_numpy(one[rows].astype(np.float32)).contiguous(memory_format=lay) for one in shelf.maps]
    mask = torch.from_numpy(shelf.mask[rows].astype(np.float32) / 255)[:, None]
    valid = torch.zeros_like(mask)
    for one, (height, width) in zip(valid, shelf.size[rows], strict=True):
        one[:, :height, :width] = 1
    return image, maps, mask, valid


def _loss(told: dict[int, Tensor], mask: Tensor, valid: Tensor) -> Tensor:
    whole = torch.zeros(())
    for stride, weight in SIDES.items():
        step = stride // 2
        truth, where = (functional.avg_pool2d(one, step) if step > 1 else one for one in (mask, valid))
        near = functional.avg_pool2d(functional.pad(truth, (2, 2, 2, 2), mode="replicate"), 5, 1)
        where = where * (1 + EDGE * (near - truth).abs() * 2)
        logits = told[stride]
        crossed = functional.binary_cross_entropy_with_logits(logits, truth, reduction="none")
        crossed = (crossed * where).sum(dim=(1, 2, 3)) / where.sum(dim=(1, 2, 3))
        seen = torch.sigmoid(logits) * where
        both = (seen * truth).sum(dim=(1, 2, 3))
        either = (seen + truth * where).sum(dim=(1, 2, 3)) - both
        whole = whole + weight * (crossed + 1 - (both + 1) / (either + 1)).mean()
    return whole


@torch.no_grad()
def _remember(mean: Decoder, decoder: Decoder, memory: float) -> None:
    for old, new in zip(mean.state_dict().values(), decoder.state_dict().values(), strict=True):
        if old.dtype.is_floating_point:
            old.lerp_(new, 1 - memory)
        else:
            old.copy_(new)


@torch.no_grad()
def _scores(decoder: Decoder, these: list[Shelf]) -> str:
    """Mean IoU of what was kept apart."""
    decoder.eval()
    found = []
    for shelf in these:
        for row in np.flatnonzero(shelf.kept):
            image, maps, mask, valid = _tensors(shelf, np.array([row]))
            said = (torch.sigmoid(decoder(image, *maps)[2]) >= 0.5) & (valid > 0)  # noqa: PLR2004 - a half
            truth = mask >= 0.5  # noqa: PLR2004 - a half
            found.append(float((said & truth).sum() / max(1, int((said | truth).sum()))))
    return f"mean IoU {np.mean(found):.4f}, median {np.median(found):.4f} of {len(found)}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of real pictures")
    parser.add_argument("--cache", type=Path, default=CACHE, help="a folder for what is costly to make")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--out", type=Path, default=OWN / "product_mask.onnx")
    chosen = parser.parse_args()
    main(chosen.data, chosen.cache, chosen.steps, chosen.out)
