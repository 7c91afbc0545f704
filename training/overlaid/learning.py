"""Trains the network on pictures that were made, and tells how it does on those that were made for validation."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

from overlaid.maps import UNKNOWN, batch
from overlaid.network import INPUTS, Overlays

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray
    from torch import Tensor

    from overlaid.maps import Shown

    Scores = NDArray[np.float64]

DECAY, ROWS = 1e-4, 12
HEAT, PAIRS = 1.0, 0.5
"""Weights of the loss of cells and of that of pairs, beside the answers' own."""


def trained(these: list[Shown], steps: int, rate: float, start: Path | None = None, *, keep: Path) -> Overlays:
    """A network, by Adam with decoupled weight decay; the rate rises for a tenth of the steps and falls to nothing.

    From the weights in `start` on, where it is given; the weights are kept in `keep` every twenty steps.
    """
    torch.manual_seed(steps)
    torch.set_num_threads(1)
    rng = np.random.default_rng(steps)
    network = Overlays()
    if start is not None:
        network.load_state_dict(torch.load(start))
    network = network.to(memory_format=torch.channels_last).train()
    adam = torch.optim.AdamW(network.parameters(), rate, weight_decay=DECAY)
    losses: list[float] = []
    batches = _endless(these, rng)
    for step in range(steps):
        share = min((step + 1) / (0.1 * steps), 0.5 + 0.5 * np.cos(np.pi * step / steps))
        for group in adam.param_groups:
            group["lr"] = rate * share
        numbers = next(batches)
        loss = _loss(network, [these[one] for one in numbers], numbers)
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        adam.step()
        losses.append(float(loss.detach()))
        if step % 20 == 19 or step == steps - 1:  # noqa: PLR2004 - now and then
            torch.save(network.state_dict(), keep)
            spent = f"{time.process_time():.0f} CPU s, {time.strftime('%H:%M:%S')}"
            print(f"step {step + 1}: loss {np.mean(losses[-20:]):.3f}, {spent}", flush=True)
    return network.eval()


def answers(network: Overlays, these: list[Shown]) -> Scores:
    """The logits of the answers, (n, 3)."""
    found = np.zeros((len(these), 3))
    with torch.inference_mode():
        for numbers in _batches(these, None):
            inputs, _ = _inputs([these[one] for one in numbers])
            found[numbers] = network(*inputs)[1].numpy()
    return found


def _batches(these: list[Shown], rng: np.random.Generator | None) -> Iterator[list[int]]:
    """Places of pictures of one size; a picture and its partner come together. In order where `rng` is None."""
    partners = {one.partner for one in these}
    sizes: dict[tuple[int, int], list[list[int]]] = {}
    for number, one in enumerate(these):
        if number in partners:
            continue
        with_partner = one.partner >= 0 and these[one.partner].size == one.size
        sizes.setdefault(one.size, []).append([number, one.partner] if with_partner else [number])
        if one.partner >= 0 and not with_partner:
            sizes.setdefault(these[one.partner].size, []).append([one.partner])
    found: list[list[int]] = []
    for units in sizes.values():
        order = rng.permutation(len(units)) if rng is not None else range(len(units))
        row: list[int] = []
        for place in order:
            row += units[int(place)]
            if len(row) >= ROWS:
                found.append(row)
                row = []
        if row and (rng is None or len(row) > 2):  # noqa: PLR2004 - fewer tell nothing to the normalisation
            found.append(row)
    order = rng.permutation(len(found)) if rng is not None else range(len(found))
    for place in order:
        yield found[int(place)]


def _endless(these: list[Shown], rng: np.random.Generator) -> Iterator[list[int]]:
    while True:
        yield from _batches(these, rng)


def _inputs(these: list[Shown]) -> tuple[list[Tensor], Tensor]:
    arrays = batch(these)
    given = [torch.from_numpy(np.asarray(arrays[name])) for name in INPUTS]
    maps = [one.float().contiguous(memory_format=torch.channels_last) for one in given[1:]]
    return [given[0], *maps], torch.from_numpy(np.asarray(arrays["wanted"])).float()


def _loss(network: Overlays, these: list[Shown], numbers: list[int]) -> Tensor:
    inputs, wanted = _inputs(these)
    labels = torch.tensor([one.labels for one in these])
    heat, said = network(*inputs)
    known = _known(wanted, labels, these)
    cell = functional.binary_cross_entropy_with_logits(heat, wanted.clamp(0, 1), reduction="none")
    of_cells = (cell * known).sum() / known.sum().clamp(min=1)
    hot = known * (wanted == 1)
    of_hot = (cell * hot).sum() / hot.sum().clamp(min=1)
    asked = (labels != UNKNOWN).float()
    answer = functional.binary_cross_entropy_with_logits(said, labels.clamp(0, 1), reduction="none")
    loss = (answer * asked).sum(0).div(asked.sum(0).clamp(min=1)).sum() + HEAT * (of_cells + 0.5 * of_hot)
    firsts = [(row, numbers.index(one.partner)) for row, one in enumerate(these) if one.partner in numbers]
    if firsts:
        more = torch.stack([said[row, 1] - said[partner, 1] for row, partner in firsts])
        loss = loss + PAIRS * functional.softplus(1 - more).mean()
    return loss


def _known(wanted: Tensor, labels: Tensor, these: list[Shown]) -> Tensor:
    """1 for each cell of which something can be said, (n, 2, h, w)."""
    known = (wanted != UNKNOWN).float()
    overlaid, marked = wanted[:, 0] == 1, wanted[:, 1] == 1
    for row, one in enumerate(these):
        if labels[row, 0] == UNKNOWN:
            known[row, 0] *= overlaid[row] if "inset" in one.kind else ~marked[row]
        if labels[row, 1] == UNKNOWN and not marked[row].any():
            known[row, 1] *= ~overlaid[row]
    return known
