import subprocess
import sys
import textwrap

import cv2
import numpy as np
import pytest

from packshot.core.errors import MediaError
from packshot.core.trouble import TroubleKind
from packshot.media.out_of_memory import is_out_of_memory


def test_other_errors_are_something_else():
    with pytest.raises(cv2.error) as raised:
        cv2.cvtColor(np.zeros((2, 2), np.uint8), cv2.COLOR_RGB2GRAY)
    assert not is_out_of_memory(raised.value)
    assert not is_out_of_memory(ValueError("no memory"))
    assert not is_out_of_memory(None)


def test_what_an_error_was_raised_from_counts():
    error = MediaError(TroubleKind.CORRUPT, "the decoder refuses it")
    error.__cause__ = RuntimeError("decoding failed")
    assert not is_out_of_memory(error)
    error.__cause__.__cause__ = MemoryError()
    assert is_out_of_memory(error)


def test_every_library_says_so_under_a_limit():
    script = """
        import io, resource
        import cv2, numpy as np, pyarrow as pa, simplejpeg
        from PIL import Image
        from packshot.media.out_of_memory import is_out_of_memory

        large = np.zeros((9000, 9000, 3), np.uint8)
        jpeg = simplejpeg.encode_jpeg(large, colorspace="RGB")
        used = int(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmData")))
        resource.setrlimit(resource.RLIMIT_DATA, (used * 1024 + (64 << 20),) * 2)
        calls = {
            "python": lambda: bytearray(1 << 30),
            "numpy": lambda: np.ones(1 << 30, np.uint8),
            "opencv": lambda: cv2.resize(large, (20_000, 10_000)),
            "opencv inside": lambda: cv2.connectedComponentsWithStats(large[..., 0].copy()),
            "pillow": lambda: Image.new("RGBA", (20_000, 10_000)),
            "simplejpeg": lambda: simplejpeg.decode_jpeg(jpeg, "RGBA"),
            "arrow": lambda: pa.allocate_buffer(1 << 30),
        }
        for name, call in calls.items():
            try:
                call()
            except Exception as error:
                print(name, is_out_of_memory(error))
            else:
                print(name, "had enough")
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, timeout=60, check=True
    )
    told = [line.rpartition(" ")[::2] for line in done.stdout.splitlines()]
    assert len(told) == 7
    assert {name: answer for name, answer in told if answer != "True"} == {}
