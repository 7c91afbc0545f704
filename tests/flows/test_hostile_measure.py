import json
import os
import textwrap
from collections import Counter

import pytest

PATIENCE_S = 240
MEMORY_MB = 1024
HARMLESS = {200: 30}
HOSTILE = {201: "timed_out", 202: "crashed", 203: "out_of_memory", 204: "measure_failed", 205: "crashed"}
"""Side of a picture in pixels → what becomes of it."""

MEASURE = """
    import ctypes, os, signal
    import numpy as np
    from packshot.core.measurement import Kind, Output
    from packshot.evaluate.measure import Measure

    def hang():
        ctypes.PyDLL(None).sleep(3600)  # and nothing else runs in this process meanwhile

    def crash():
        ctypes.string_at(0)

    def eat():
        kept = []
        while True:
            kept.append(np.empty(16_000_000, np.uint8))

    def fail():
        raise ValueError("no good")

    def leave():
        os._exit(0)

    DEEDS = {201: hang, 202: crash, 203: eat, 204: fail, 205: leave}

    class Hostile(Measure):
        '''Does what the width of the picture says.'''

        outputs = (Output("hostile_px", Kind.INT, "the width"),)

        def measure(self, picture):
            width = picture.header.width_px
            DEEDS.get(width, int)()
            return {"hostile_px": width}
"""


@pytest.fixture
def plugged_in(tmp_path):
    """The environment of an install that has one more measure, found by its entry point."""
    site = tmp_path / "site"
    info = site / "hostile-1.dist-info"
    info.mkdir(parents=True)
    (site / "hostile_measure.py").write_text(textwrap.dedent(MEASURE))
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: hostile\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[packshot.measures]\nhostile = hostile_measure:Hostile\n")
    paths = [str(site), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


def test_a_measure_that_hangs_dies_or_eats_memory_costs_the_picture_and_no_other(
    shell, shop, plain_pictures, plugged_in
):
    sizes = [200] * HARMLESS[200]
    for place, size in enumerate(HOSTILE):
        sizes.insert(place * 6 + 2, size)
    for number, size in enumerate(sizes):
        shop.put(f"p{number:02}-{size}.jpg", plain_pictures(number, size))

    def packshot(*arguments):
        process = shell(*arguments, "-w", shop.workspace, env=plugged_in)
        out, err = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0, err
        return out

    packshot("run", shop.folder, "--no-report", "--file-timeout", 5, "--worker-memory", MEMORY_MB)
    troubles = json.loads(packshot("table", "troubles", "--format", "json"))
    assert {int(row["source_uri"].rpartition("-")[2].removesuffix(".jpg")): row["kind"] for row in troubles} == HOSTILE
    assert len(troubles) == len(HOSTILE)
    assert {row["kind"] for row in troubles if row["retryable"]} == {"timed_out", "out_of_memory"}
    widths = Counter(shop.table("measurements")["width_px"].to_list())
    assert widths == Counter({**HARMLESS, 203: 1, 204: 1})  # of these two only the one measure failed
