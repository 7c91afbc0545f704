from __future__ import annotations

import struct

from PIL import ImageCms

from packshot.media.icc import icc_kind, read_profile


def srgb():
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def with_space(icc, space):
    return icc[:16] + space + icc[20:]


def test_none_and_srgb():
    assert icc_kind(None, "rgb") == "none"
    assert icc_kind(srgb(), "rgb") == "srgb"
    assert icc_kind(srgb(), "palette") == "srgb"
    assert icc_kind(srgb(), "gray") == "srgb"
    assert read_profile(srgb()).is_srgb


def test_a_name_does_not_make_a_profile_srgb():
    # The same primaries with a plain gamma of 2.2 are up to 7 levels darker in the shadows.
    icc = srgb()
    at = icc.index(b"para")
    gamma = struct.pack(">4sIHHi", b"para", 0, 0, 0, round(2.2 * 65536))
    changed = icc[:at] + gamma + icc[at + len(gamma) :]
    assert read_profile(changed).kind == "other"
    assert not read_profile(changed).is_srgb


def test_a_profile_must_fit_the_samples():
    assert icc_kind(srgb(), "cmyk") == "broken"
    assert icc_kind(with_space(srgb(), b"CMYK"), "cmyk") == "cmyk"
    assert icc_kind(with_space(srgb(), b"GRAY"), "gray") == "gray"
    assert icc_kind(with_space(srgb(), b"GRAY"), "rgb") == "broken"


def test_damage_is_broken_and_never_an_error():
    icc = srgb()
    for cut in range(0, len(icc), 7):
        assert icc_kind(icc[:cut], "rgb") in {"broken", "other", "srgb"}
    for at in range(0, len(icc), 3):
        icc_kind(icc[:at] + b"\xff\xff\xff\xff" + icc[at + 4 :], "rgb")
    assert icc_kind(b"", "rgb") == "broken"
    assert icc_kind(b"\x00" * 500, "rgb") == "broken"
