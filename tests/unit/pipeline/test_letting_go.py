import sys
from pathlib import Path

import numpy as np
import pytest

from packshot.pipeline.letting_go import let_go

PIECE, PIECES = 4096, 20_000


def resident_bytes():
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_what_is_free_goes_back_to_the_system():
    held = [np.ones(PIECE, dtype=np.uint8) for _ in range(PIECES)]
    last = held[-1]  # keeps the top of the heap, so that nothing goes back by itself
    del held
    before = resident_bytes()
    let_go()
    assert before - resident_bytes() > PIECE * PIECES // 2
    assert last.size == PIECE
