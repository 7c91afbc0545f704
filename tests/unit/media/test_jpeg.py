from __future__ import annotations

import io
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from packshot.core.errors import MediaError
from packshot.core.trouble import TroubleKind
from packshot.media.decode import decode
from packshot.media.jpeg_markers import read_markers
from packshot.media.limits import Limits
from packshot.media.read_header import read_header


def kind_of(data, limits=None):
    with pytest.raises(MediaError) as caught:
        decode(data, limits or Limits())
    return caught.value.kind


@pytest.fixture(scope="module", params=[False, True], ids=["baseline", "progressive"])
def jpeg(request, scene, save):
    return save(scene, "JPEG", quality=90, progressive=request.param)


def test_header_facts(scene, save):
    header = read_header(save(scene, "JPEG", quality=50, progressive=True))
    assert header.progressive
    assert header.quant_tables[0][:8] == (16, 11, 10, 16, 24, 40, 51, 61)
    assert header.quant_tables[0][8:16] == (12, 12, 14, 19, 26, 58, 60, 55)
    assert header.quant_tables[1][:4] == (17, 18, 24, 47)
    assert len(header.quant_tables) == 2
    assert (header.bit_depth, header.colour_mode, header.icc_kind) == (8, "rgb", "none")


def test_missing_end_marker_alone_is_harmless(jpeg):
    picture = decode(jpeg[:-2])
    assert picture.intact
    assert np.array_equal(picture.rgb, decode(jpeg).rgb)


def test_cut_picture_is_truncated(jpeg):
    for share in (0.3, 0.6, 0.9):
        assert kind_of(jpeg[: int(len(jpeg) * share)]) is TroubleKind.TRUNCATED


def test_thumbnail_in_exif_does_not_end_the_picture(scene, save):
    thumbnail = save(scene[:16, :16], "JPEG")
    block = b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00" + thumbnail
    plain = save(scene, "JPEG")
    data = plain[:2] + b"\xff\xe1" + (len(block) + 2).to_bytes(2, "big") + block + plain[2:]
    assert np.array_equal(decode(data).rgb, decode(plain).rgb)
    assert kind_of(data[: len(data) - len(plain) // 2]) is TroubleKind.TRUNCATED


def test_damaged_data_decodes_but_is_not_intact(scene, save):
    data = save(scene, "JPEG", quality=90)
    middle = len(data) // 2
    picture = decode(data[:middle] + data[middle + 200 :])
    assert not picture.intact
    assert picture.rgb.shape == (96, 128, 3)


def test_what_follows_the_picture_does_not_matter(jpeg):
    picture = decode(jpeg + b"\x00\xff\xd8\xff" + b"more" * 100)
    assert picture.intact


def test_junk_between_segments_is_passed_over(scene, save):
    data = save(scene, "JPEG", quality=95)
    picture = decode(data[:20] + b"\x01\x02" + data[20:])
    assert picture.rgb.shape == (96, 128, 3)


def test_second_size_cannot_slip_past_the_limits(scene, save):
    data = save(scene, "JPEG")
    frame = data.index(b"\xff\xc0")
    small = data[frame : frame + 19]
    small = small[:5] + (1).to_bytes(2, "big") * 2 + small[9:]
    assert kind_of(data[:frame] + small + data[frame:]) is TroubleKind.CORRUPT


def test_two_megapixels_announced_by_few_bytes(scene, save):
    data = bytearray(save(scene, "JPEG"))
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = b"\xff\xff\xff\xff"
    assert kind_of(bytes(data)) is TroubleKind.BOMB


def test_thousands_of_scans_are_refused(scene, save):
    data = save(scene, "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    assert kind_of(data[:-2] + data[last:-2] * 500 + b"\xff\xd9") is TroubleKind.TOO_LARGE


def test_rare_subsampling_is_decoded(save):
    # Other factors are declared for a picture that is gray in all components: TurboJPEG has no name for these.
    from PIL.JpegImagePlugin import JpegImageFile

    data = bytearray(save(np.full((16, 48, 3), 128, np.uint8), "JPEG", subsampling=1))
    frame = data.index(b"\xff\xc0")
    assert data[frame + 11] == 0x21
    data[frame + 11], data[frame + 14], data[frame + 17] = 0x22, 0x21, 0x21
    assert JpegImageFile(io.BytesIO(bytes(data))).size == (48, 16)
    assert decode(bytes(data)).rgb.shape == (16, 48, 3)


def test_rgb_jpeg_is_not_converted(scene, save):
    data = save(scene, "JPEG", quality=95, keep_rgb=True)
    assert np.abs(decode(data).rgb.astype(int) - scene).mean() <= 1.5


def test_profile_in_several_segments(scene, save):
    icc = b"x" * 150_000
    markers = read_markers(save(scene, "JPEG", icc_profile=icc))
    assert len(markers.icc_parts) == 3
    assert markers.icc() == icc
    del markers.icc_parts[2]
    assert markers.icc() == b""


def test_other_kinds_of_jpeg(scene, save):
    data = bytearray(save(scene, "JPEG"))
    frame = data.index(b"\xff\xc0")
    for place, value in ((1, 0xC5), (4, 12)):
        changed = bytearray(data)
        changed[frame + place] = value
        assert kind_of(bytes(changed)) is TroubleKind.UNSUPPORTED
    changed = bytearray(data)
    changed[frame + 5 : frame + 7] = b"\x00\x00"
    assert kind_of(bytes(changed)) is TroubleKind.UNSUPPORTED


def test_no_picture_at_all():
    assert kind_of(b"\xff\xd8\xff\xd9") is TroubleKind.CORRUPT
    assert kind_of(b"\xff\xd8\xff") is TroubleKind.TRUNCATED


def test_sizes_that_are_no_multiple_of_a_block(save):
    for width, height in ((1, 1), (7, 9), (17, 33)):
        image = Image.new("RGB", (width, height), (10, 200, 30))
        picture = decode(save(image, "JPEG", quality=95))
        assert (picture.width, picture.height) == (width, height)


def test_a_jpeg_needs_no_pillow(scene, save):
    script = (
        "import sys; from packshot.media.decode import decode; from packshot.media.encode import encode_thumbnail; "
        "encode_thumbnail(decode(sys.stdin.buffer.read())); "
        "print([name for name in ('PIL', 'pi_heif', 'pyarrow', 'polars') if name in sys.modules])"
    )
    exif = Image.Exif()
    exif[0x0112] = 6
    done = subprocess.run(
        [sys.executable, "-c", script], input=save(scene, "JPEG", exif=exif), capture_output=True, check=True
    )
    assert done.stdout.strip() == b"[]"
