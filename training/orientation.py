"""Trains the model that tells which way up a picture stands.

python training/orientation.py --data ../shared/data [--cache FOLDER] [--packages FOLDER]; torch, onnx, packshot's
models, and apt-get and npm for the drawings (training/orientation_pictures.py). About forty minutes of one core. Writes
src/packshot/models/own/orientation.onnx and prints the scores of training/orientation.md.
"""

from __future__ import annotations

import argparse
import copy
import json
import tempfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime
import torch
from torch.nn import functional

from base_pictures import Base, base_pictures
from orientation_pictures import Pixels, crops, fetch
from orientation_scores import combined, tell, temperature_of
from orientation_tail import TURNS, Tail, as_onnx, cut_trunk, trunk_weights
from own_file import noted
from packshot.evaluate.feature_maps import MODEL, filled, fitted
from packshot.media.decode import decode
from packshot.models.cache import verified_path

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Halves = NDArray[np.float16]

OWN = Path(__file__).parents[1] / "src" / "packshot" / "models" / "own"
NAME = "orientation"
SEED = 6
SIDE = 192
"""Pixels of each side of what is learned from: half the cost of 256, and a product in it is about as large as in what
the trunk is shown of a whole picture."""
EACH = 1
"""Turns, of the four, in which each crop is learned from."""
BATCH = 32
EPOCHS, TRIAL_EPOCHS = 1.8, 1.0
"""Times that all crops are seen: for what ships, and where a part of the shops is left out to be scored on."""
STEP_OLD, STEP_NEW = 4e-4, 2e-3
"""Largest steps of Adam: for the trunk's blocks, and for the new layers."""
STEADY = 0.995
"""Weight of what went before in the running mean of the weights, which is what ships."""
LEFT_OUT = ("clothing_dataset", "tailwindtraders", "sylius")
"""Shops that a second model is trained without: temperatures and bounds come from what it says of them."""
TUNED_OF = 3
"""One in so many of their pictures that are not held is looked at for that, as packshot shows it."""


def main(data: Path, cache: Path, packages: Path) -> None:
    """Draw, see, train, score, write."""
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    cache.mkdir(parents=True, exist_ok=True)
    shops = _cropped(data, cache, packages)
    session = _trunk()
    maps, turns = _maps(cache, session)
    shop = np.repeat(np.array(shops), EACH)
    whole = _kept(cache / "whole.pt", maps, turns, np.ones(len(turns), bool), EPOCHS)
    _write(whole)
    without = _kept(cache / "without.pt", maps, turns, ~np.isin(shop, LEFT_OUT), TRIAL_EPOCHS)
    photographs = [
        one
        for number, one in enumerate(base_pictures(data))
        if one.held or (one.shop in LEFT_OUT and number % TUNED_OF == 0)
    ]
    views = _views(photographs, cache, session)
    held = np.array([one.held for one in photographs])
    place = np.array([one.shop for one in photographs])
    group = np.array([one.group for one in photographs])
    shipped = np.array([_told(whole, one) for one in views])
    elsewhere = np.array([_told(without, one) for one in views])
    np.savez(cache / "told.npz", shipped=shipped, elsewhere=elsewhere, held=held, place=place, group=group)
    tune = elsewhere[~held]
    heat = temperature_of(tune, place[~held]), temperature_of(combined(tune), place[~held])
    unseen = held & np.isin(place, LEFT_OUT)
    tell("shops left out, pictures that are not held", tune, place[~held], group[~held], heat)
    tell("shops left out, held pictures", elsewhere[unseen], place[unseen], group[unseen], heat)
    tell("held pictures, what ships", shipped[held], place[held], group[held], heat)


def _cropped(data: Path, cache: Path, packages: Path) -> list[str]:
    """Makes crops.npy; the shop of each crop."""
    names = cache / "crops.json"
    if not names.is_file():
        fetch(packages)
        made = list(crops(data, packages))
        np.save(cache / "crops.npy", np.stack([one.rgb for one in made]))
        names.write_text(json.dumps([one.shop for one in made]), encoding="utf-8")
    return list(json.loads(names.read_text(encoding="utf-8")))


def _trunk() -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(cut_trunk(verified_path(MODEL)), options)


def _maps(cache: Path, session: onnxruntime.InferenceSession) -> tuple[Halves, NDArray[np.int64]]:
    """What the trunk sees of each crop in one of its four turns, and in which."""
    crops_made = np.load(cache / "crops.npy", mmap_mode="r")
    random = np.random.default_rng(SEED)
    turns = np.concatenate([random.permutation(TURNS)[:EACH] for _ in range(len(crops_made))])
    kept = cache / "maps.npy"
    if not kept.is_file():
        rows: list[Halves] = []
        for number, rgb in enumerate(crops_made):
            small = _resized(rgb)
            pair = turns[EACH * number : EACH * (number + 1)]
            images = np.concatenate([filled(np.rot90(small, turn)) for turn in pair])
            rows.append(session.run(None, {"image": images})[0].astype(np.float16))
            if number % 1000 == 0:
                print(f"seen {number} of {len(crops_made)}", flush=True)
        np.save(kept, np.concatenate(rows))
    return np.load(kept, mmap_mode="r"), turns


def _resized(rgb: Pixels) -> Pixels:
    import cv2

    return np.asarray(cv2.resize(rgb, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.uint8)


def _views(photographs: list[Base], cache: Path, session: onnxruntime.InferenceSession) -> list[list[Halves]]:
    """What the trunk sees of each photograph as packshot shows it, turned by 0, 90, 180 and 270 degrees."""
    kept = cache / "views.npz"
    if not kept.is_file():
        found: dict[str, Halves] = {}
        for number, one in enumerate(photographs):
            shown = fitted(decode(one.path.read_bytes()).rung(704))
            for turn in range(TURNS):
                image = filled(np.ascontiguousarray(np.rot90(shown, turn)))
                found[f"{number}.{turn}"] = session.run(None, {"image": image})[0].astype(np.float16)
        np.savez(kept, **found)
    opened = np.load(kept)
    return [[opened[f"{number}.{turn}"] for turn in range(TURNS)] for number in range(len(photographs))]


def _kept(file: Path, maps: Halves, turns: NDArray[np.int64], chosen: NDArray[np.bool_], epochs: float) -> Tail:
    tail = Tail(trunk_weights(verified_path(MODEL)))
    if not file.is_file():
        torch.save(_trained(tail, maps, turns, np.flatnonzero(chosen), epochs).state_dict(), file)
    tail.load_state_dict(torch.load(file))
    return tail.eval()


def _trained(tail: Tail, maps: Halves, turns: NDArray[np.int64], rows: NDArray[np.int64], epochs: float) -> Tail:
    """Adam with a warm start and a cosine; the running mean of the weights."""
    random = np.random.default_rng(SEED)
    tail = tail.to(memory_format=torch.channels_last).train()
    mean = copy.deepcopy(tail)
    old = list(tail.blocks[1:].parameters())
    new = [*tail.mix.parameters(), *tail.out.parameters()]
    groups = [{"params": old, "lr": STEP_OLD}, {"params": new, "lr": STEP_NEW}]
    adam = torch.optim.AdamW(groups, weight_decay=1e-3)
    count = int(epochs * len(rows) / BATCH)
    steps = torch.optim.lr_scheduler.LambdaLR(
        adam, lambda at: min((at + 1) / 60, 0.5 + 0.5 * np.cos(np.pi * min(at / count, 1.0)) + 0.01)
    )
    order = np.concatenate([random.permutation(rows) for _ in range(int(epochs) + 1)])
    for number in range(count):
        batch = np.sort(order[number * BATCH : (number + 1) * BATCH])
        given = torch.from_numpy(maps[batch].astype(np.float32)).to(memory_format=torch.channels_last)
        loss = functional.cross_entropy(tail(given), torch.from_numpy(turns[batch]))
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(tail.parameters(), 1.0)
        adam.step()
        steps.step()
        steady = min(STEADY, (number + 1) / (number + 10))
        with torch.no_grad():
            for one, other in zip(mean.parameters(), tail.parameters(), strict=True):
                one.lerp_(other, 1 - steady)
        if number % 20 == 0:
            print(f"{number} of {count}: loss {loss.item():.3f}", flush=True)
    return mean


def _told(tail: Tail, views: list[Halves]) -> NDArray[np.float64]:
    """Log shares, shape (4, 4): for a picture turned by 0, 90, 180, 270 degrees, those of the four answers."""
    with torch.no_grad():
        scores = [tail(torch.from_numpy(one.astype(np.float32))) for one in views]
    return torch.log_softmax(torch.cat(scores), dim=1).double().numpy()


def _write(tail: Tail) -> None:
    data = as_onnx(tail)
    (OWN / f"{NAME}.onnx").write_bytes(data)
    noted(OWN / f"{NAME}.onnx")
    print(f"{NAME}.onnx: {len(data)} bytes, crc {zlib.crc32(data)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "packshot-orientation")
    parser.add_argument("--packages", type=Path)
    asked = parser.parse_args()
    main(asked.data, asked.cache, asked.packages or asked.cache / "packages")
