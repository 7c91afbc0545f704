from __future__ import annotations

import pytest

from packshot.core.trouble import TroubleKind
from packshot.media.sniff import refusal, sniff


def test_the_formats_that_are_decoded(scene, save):
    for name in ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"):
        assert sniff(save(scene, name)) == name.lower()
    assert sniff(save(scene, "TIFF", big_tiff=True)) == "tiff"


@pytest.mark.parametrize(
    ("brands", "found"),
    [
        (b"heic", "heic"),
        (b"mif1heic", "heic"),
        (b"mif1avif", "avif"),
        (b"msf1hevc", "heic"),
        (b"mif1jpeg", None),
        (b"isomavif", None),
    ],
)
def test_heif_by_its_brands(brands, found):
    body = b"ftyp" + brands[:4] + b"\x00\x00\x00\x00" + brands[4:]
    assert sniff((len(body) + 4).to_bytes(4, "big") + body + b"\x00" * 40) == found


@pytest.mark.parametrize(
    ("data", "word", "kind"),
    [
        (b"<!DOCTYPE html><html><body>not found</body></html>", "HTML", TroubleKind.NOT_AN_IMAGE),
        (b"\xef\xbb\xbf  <html>", "HTML", TroubleKind.NOT_AN_IMAGE),
        (b"<?xml version='1.0'?><html><svg/></html>", "HTML", TroubleKind.NOT_AN_IMAGE),
        (b"<?xml version='1.0'?><svg xmlns='x'/>", "SVG", TroubleKind.UNSUPPORTED),
        (b"<?xml version='1.0'?><Error/>", "XML", TroubleKind.NOT_AN_IMAGE),
        (b'{"error": "not found"}', "JSON", TroubleKind.NOT_AN_IMAGE),
        (b"BMW price list, page one of several", "text", TroubleKind.NOT_AN_IMAGE),
        ("Schöne Grüße".encode(), "text", TroubleKind.NOT_AN_IMAGE),
        (b"%PDF-1.7", "PDF", TroubleKind.NOT_AN_IMAGE),
        (b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 20, "video", TroubleKind.NOT_AN_IMAGE),
        (b"\x00" * 100, "zero bytes", TroubleKind.NOT_AN_IMAGE),
        (b"8BPS\x00\x01", "Photoshop", TroubleKind.UNSUPPORTED),
        (b"\x00\x00\x01\x00\x01\x00\x10\x10\x00\x00\x01\x00\x20\x00" + b"\x00" * 8, "icon", TroubleKind.UNSUPPORTED),
        (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "JPEG 2000", TroubleKind.UNSUPPORTED),
        (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "JPEG XL", TroubleKind.UNSUPPORTED),
        (b"II*\x00\x10\x00\x00\x00CR\x02\x00", "camera raw", TroubleKind.UNSUPPORTED),
        (b"P6\n2 2\n255\n" + b"\x00" * 12, "Netpbm", TroubleKind.UNSUPPORTED),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "RIFF", TroubleKind.NOT_AN_IMAGE),
        (bytes(range(7, 250, 3)), "no picture format", TroubleKind.NOT_AN_IMAGE),
        (b"\xff", "no picture format", TroubleKind.NOT_AN_IMAGE),
    ],
)
def test_other_content_is_named(data, word, kind):
    assert sniff(data) is None
    error = refusal(data)
    assert error.kind is kind
    assert word in error.message
