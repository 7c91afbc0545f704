"""Telling a failed allocation from every other error of a decoder or a measure."""

from __future__ import annotations

import cv2


def is_out_of_memory(error: BaseException | None) -> bool:
    """Whether `error`, or what it was raised from, says that memory could not be had.

    Python, NumPy, Pillow, simplejpeg and Arrow raise MemoryError; OpenCV raises an error of its own with a code.
    """
    while error is not None:
        if isinstance(error, MemoryError) or (isinstance(error, cv2.error) and error.code == cv2.Error.STS_NO_MEM):
            return True
        error = error.__cause__
    return False
