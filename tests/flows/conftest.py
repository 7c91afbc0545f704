import csv
import importlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

import packshot
from packshot.pipeline.engine import LossKind, Lost, Outcome
from packshot.testing.drawing import draw_product, encode, on_white
from packshot.testing.drawing.damage import out_of_focus, underexposed

FIELDS = ("product_id", "title", "image_path", "image_role", "category")


class HereEngine:
    """Does the work in this process: nothing to start, and what a test changes is what runs."""

    elsewhere = False

    def __init__(self, deadly=frozenset()):
        self.deadly = deadly

    def run(self, work, shards, *, alone=False):  # noqa: ARG002 - the contract's
        module, _, name = work.function.partition(":")
        function = getattr(importlib.import_module(module), name)
        for shard in shards:
            dies = any(self.deadly & set(column.to_pylist()) for column in shard.rows.columns)
            if dies:
                yield Outcome(shard, None, Lost(LossKind.CRASHED))
            else:
                yield Outcome(shard, function(work.params, shard.rows))

    def rest(self):
        pass

    def close(self):
        pass


class Shop:
    """A feed with its pictures on disk, and the workspace that is made of it."""

    def __init__(self, root):
        self.folder = root / "shop"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.feed = self.folder / "feed.csv"
        self.workspace = root / "workspace"
        self.deadly = frozenset()
        """Addresses and asset ids whose worker dies."""
        self.engine = None
        """Where shards run, if not in this process."""

    def put(self, name, data):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def list(self, *rows):
        """`(listing, file)` or `(listing, file, role)` rows, written as the feed."""
        with self.feed.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(FIELDS)
            for listing, image, *role in rows:
                writer.writerow((listing, f"The {listing}", image, role[0] if role else "", "Home"))

    def opened(self, *, create=False):
        return packshot.Workspace(self.workspace, create=create, engine=self.engine or HereEngine(self.deadly))

    def run(self, source=None, **options):
        with self.opened(create=True) as place:
            return place.run(source or self.feed, packshot.RunOptions(**{"report": False, **options}))

    def table(self, name, policy=None):
        with self.opened() as place:
            return place.table(name, policy=policy)

    def one(self, name, **equal):
        """The one row of a table in which these columns have these values."""
        (row,) = [row for row in self.table(name).rows(named=True) if all(row[k] == v for k, v in equal.items())]
        return row


@dataclass(frozen=True, slots=True)
class Ended:
    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def pictures():
    """JPEG bytes of four products that `house` shows, and of two that it does not."""
    rgb = {kind: on_white(*draw_product(kind, 1, 600), 0.88, (640, 640)) for kind in ("vase", "watch", "pan", "lamp")}
    rgb |= {"dark": underexposed(rgb["pan"], 3.0), "soft": out_of_focus(rgb["watch"], 0.012)}
    return {name: encode(picture) for name, picture in rgb.items()}


@pytest.fixture
def shop(tmp_path):
    return Shop(tmp_path)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    """`prepared(build, …)`: the shop as `build(shop, …)` left it, and what that gave as `shop.first`.

    It is built once and put away; each test that asks begins with a copy at the same addresses, whatever others did.
    """
    built = {}

    def give(build, *given):
        if build not in built:
            root = tmp_path_factory.mktemp("prepared")
            first = build(Shop(root / "shop"), *given)
            shutil.copytree(root / "shop", root / "kept")
            built[build] = (root, first)
        root, first = built[build]
        shutil.rmtree(root / "shop")
        shutil.copytree(root / "kept", root / "shop")
        shop = Shop(root / "shop")
        shop.first = first
        return shop

    return give


def filled_small(shop, pictures):
    for name in ("vase", "watch", "pan", "lamp"):
        shop.put(f"{name}.jpg", pictures[name])
    shop.list(("A", "vase.jpg"), ("A", "watch.jpg"), ("B", "pan.jpg"), ("C", "lamp.jpg"))
    return shop


def run_small(shop, pictures):
    return filled_small(shop, pictures).run()


@pytest.fixture
def small_shop(shop, pictures):
    """Three listings, four pictures: all of them are shown."""
    return filled_small(shop, pictures)


@pytest.fixture
def run_shop(prepared, pictures):
    """The small shop after its first run, whose summary is `run_shop.first`."""
    return prepared(run_small, pictures)


@pytest.fixture(scope="session")
def plain_pictures():
    """Draws many small pictures fast: JPEG bytes of a different shape for each number."""

    def draw(number, size=200):
        random = np.random.default_rng(number)
        picture = np.full((size, size, 3), 255, np.uint8)
        low, high = size // 6, size - size // 6
        for _ in range(12):
            start, end = random.integers(low, high, (2, 2)).tolist()
            colour = tuple(random.integers(0, 220, 3).tolist())
            cv2.ellipse(picture, start, (size // 8, size // 12), 0, 0, 360, colour, -1, cv2.LINE_AA)
            cv2.line(picture, start, end, colour, 4, cv2.LINE_AA)
        return cv2.imencode(".jpg", picture)[1].tobytes()

    return draw


@pytest.fixture
def command(monkeypatch, capfdbinary):
    """Runs `packshot …` in this process, through the door that the shell uses."""
    from packshot.cli import main

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["packshot", *map(str, arguments)])
        capfdbinary.readouterr()
        code = 0
        try:
            main()
        except SystemExit as stopped:
            code = int(stopped.code or 0)
        out, err = capfdbinary.readouterr()
        return Ended(code, out.decode(), err.decode())

    return run


@pytest.fixture
def shell():
    """Starts `packshot …` as a process of its own, in a session of its own."""
    started = []

    def start(*arguments, **more):
        argv = [sys.executable, "-m", "packshot.cli", *map(str, arguments)]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "start_new_session": True}
        process = subprocess.Popen(argv, **{**pipes, **more})
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture(scope="session")
def real_data():
    """The folder of real pictures by name; skips where it is not there."""
    root = (Path(__file__).parents[2] / "../shared/data").resolve()

    def find(name):
        if not (root / name).exists():
            pytest.skip(f"the real pictures of {name} are not here")
        return root / name

    return find
