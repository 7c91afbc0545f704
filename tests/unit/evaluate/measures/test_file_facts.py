import numpy as np

from packshot.evaluate.measures.file_facts import FileFacts
from packshot.media.header import Header
from packshot.media.picture import Picture


def test_facts_come_from_the_header_and_the_decoder():
    header = Header("webp", 4321, 300, 200, frames=7, has_alpha=True, icc_kind="display_p3")
    picture = Picture(header, np.zeros((200, 300, 3), np.uint8), intact=False)
    assert FileFacts().measure(picture) == {
        "width_px": 300,
        "height_px": 200,
        "aspect_ratio": 1.5,
        "format": "webp",
        "bytes": 4321,
        "frames": 7,
        "has_alpha": True,
        "icc_kind": "display_p3",
        "decode_intact": False,
    }
