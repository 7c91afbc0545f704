"""Real files, good and hostile: each one is decoded or refused for the right reason."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from packshot.core.trouble import TroubleKind
from packshot.media.decode import decode
from packshot.media.read_header import read_header

DATA = Path(__file__).parents[2] / "../shared/data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the shared data set is not here")

SETTLE_ALL = """
import json, resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
from packshot.core.errors import MediaError
from packshot.media.decode import decode
outcome = {}
for path in sorted(Path(sys.argv[1]).rglob("*")):
    if path.is_file():
        try:
            outcome[str(path.relative_to(sys.argv[1]))] = "intact" if decode(path.read_bytes()).intact else "mended"
        except MediaError as error:
            outcome[str(path.relative_to(sys.argv[1]))] = error.kind.value
print(json.dumps(outcome))
# ru_maxrss would count what the parent held when it forked; the high-water mark of this address space does not
print(int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) // 1024)
"""
DECODE_KINDS = {
    TroubleKind.EMPTY,
    TroubleKind.TOO_LARGE,
    TroubleKind.BOMB,
    TroubleKind.NOT_AN_IMAGE,
    TroubleKind.UNSUPPORTED,
    TroubleKind.TRUNCATED,
    TroubleKind.CORRUPT,
}
RIGHT_KINDS = {
    "images/hopper.jpg": "intact",
    "images/hopper_orientation_6.webp": "intact",
    "images/hopper_bigtiff.tif": "intact",
    "images/avif/star.avifs": "intact",
    "images/sugarshack.mpo": "intact",
    "images/iss634.gif": "intact",
    "images/dispose_bgnd_rgba.gif": "intact",
    "images/bmp/b/reallybig.bmp": "bomb",
    "images/bmp/b/badwidth.bmp": "corrupt",
    "images/broken.png": "corrupt",
    "images/ultrahdr.jpg": "truncated",
    "images/truncated_app14.jpg": "mended",
    "images/tiff_overflow_rows_per_strip.tif": "corrupt",
    "images/hopper_webp.tif": "unsupported",
    "images/hopper_unknown_pixel_mode.tif": "unsupported",
    "images/pillow.ico": "unsupported",
    "images/five_channels.psd": "unsupported",
    "images/comment.jp2": "unsupported",
    "images/hdf5.h5": "not_an_image",
    "images/test-ole-file.doc": "not_an_image",
}


def settled(folder):
    done = subprocess.run(
        [sys.executable, "-c", SETTLE_ALL, str(DATA / folder)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    outcome, peak_mb = done.stdout.splitlines()[-2:]
    return json.loads(outcome), int(peak_mb)


@pytest.mark.parametrize("folder", ["pillow_images", "fuzz_corpus"])
def test_every_hostile_file_is_settled_in_little_memory(folder):
    outcome, peak_mb = settled(folder)
    assert len(outcome) > 300
    assert set(outcome.values()) <= DECODE_KINDS | {"intact", "mended"}
    assert peak_mb < 500
    if folder == "pillow_images":
        assert {name: outcome.get(name) for name in RIGHT_KINDS} == RIGHT_KINDS


def test_all_orientations_show_the_same_scene():
    pictures = [decode(path.read_bytes()) for path in sorted((DATA / "exif_orientation").glob("*.jpg"))]
    assert len(pictures) == 9
    first = pictures[0]
    assert first.width > first.height
    for picture in pictures:
        assert (picture.width, picture.height) == (first.width, first.height)
        left, right = picture.rung(256).astype(int), first.rung(256).astype(int)
        assert np.abs(left - right).mean() < 4.0


def test_every_good_photograph_is_intact():
    paths = [path for folder in ("magento2", "tailwindtraders", "solidus") for path in (DATA / folder).rglob("*.*")]
    pictures = [path for path in sorted(paths) if path.suffix.lower() in {".jpg", ".jpeg", ".png", ".webp"}][::4]
    assert len(pictures) > 20
    for path in pictures:
        data = path.read_bytes()
        picture = decode(data)
        assert picture.intact, path
        assert read_header(data) == picture.header
