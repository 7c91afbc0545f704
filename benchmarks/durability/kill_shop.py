"""The catalogue that is killed over and over: small drawn pictures, some twice, some broken, some replaced later."""

from __future__ import annotations

import csv
import os
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

SIDE = 160
PER_LISTING = 3
TWICE, BROKEN, REPLACED = 10, 20, 15
"""Every so manieth file has the bytes of the one before it, is no picture, is another picture on the second day."""
DAYS = (1, 2)


class KillShop:
    """A feed and its pictures, which change from the first day to the second; nothing else about them ever does."""

    def __init__(self, folder: Path, pictures: int) -> None:
        """Draw `pictures` files into `folder`, as they are on the first day."""
        self.folder = folder
        self.feed = folder / "feed.csv"
        self._files = {day: {f"{n}.jpg": _file(n, day) for n in range(pictures)} for day in DAYS}
        folder.mkdir(parents=True)
        self.show(1)

    def show(self, day: int) -> None:
        """Make it what it is on that day: on the second, pictures are replaced, one listing is gone and one is new."""
        for name, data in self._files[day].items():
            path = self.folder / name
            path.write_bytes(data)
            # The time of writing tells a run what has changed: it is the same whenever the same day is shown.
            stamp = 1_700_000_000 + (day - 1) * (data != self._files[1][name]) * 86_400
            os.utime(path, (stamp, stamp))
        names = list(self._files[day])
        listings = [names[start : start + PER_LISTING] for start in range(0, len(names), PER_LISTING)]
        with self.feed.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(("product_id", "title", "category", "image_path"))
            for number, images in enumerate(listings):
                if (number, day) in {(0, 2), (1, 1)}:
                    continue
                for image in images:
                    writer.writerow((f"SKU-{number}", f"The thing {number}", "Home", image))


def _file(number: int, day: int) -> bytes:
    if number % BROKEN == BROKEN - 1:
        return (b"", b"<html></html>", b"\xff\xd8\xff\xe0 nothing", _jpeg(number)[:900])[number // BROKEN % 4]
    if number % TWICE == TWICE - 1:
        number -= 1
    if day == DAYS[1] and number % REPLACED == 1:
        return _jpeg(number + 1_000_000)
    return _jpeg(number)


def _jpeg(number: int) -> bytes:
    """A blot of random colours on white, another one for each number."""
    rng = np.random.default_rng(number)
    blot = cv2.resize(rng.integers(0, 256, (9, 9, 3), dtype=np.uint8), (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    mask = np.zeros((SIDE, SIDE, 1), dtype=np.uint8)
    axes = tuple(int(value) for value in rng.integers(40, 75, 2))
    cv2.ellipse(mask, (SIDE // 2, SIDE // 2), axes, float(rng.integers(180)), 0, 360, 1, -1)
    return bytes(cv2.imencode(".jpg", np.where(mask, blot, np.uint8(255)))[1])
