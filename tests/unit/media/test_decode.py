"""The same picture in every format, turn and colour space decodes to the same pixels."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zlib

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms, ImageOps

from packshot.core.errors import MediaError
from packshot.core.trouble import TroubleKind
from packshot.media.decode import decode
from packshot.media.limits import Limits
from packshot.media.read_header import read_header

FORMATS = {
    "jpeg": ("JPEG", {"quality": 95, "subsampling": 0}),
    "png": ("PNG", {}),
    "webp": ("WEBP", {"lossless": True}),
    "avif": ("AVIF", {"quality": 95}),
    "tiff": ("TIFF", {}),
    "bmp": ("BMP", {}),
}
TURNS = {
    1: lambda p: p,
    2: np.fliplr,
    3: lambda p: np.rot90(p, 2),
    4: np.flipud,
    5: lambda p: np.swapaxes(p, 0, 1),
    6: lambda p: np.rot90(p, 1),
    7: lambda p: np.rot90(np.swapaxes(p, 0, 1), 2),
    8: lambda p: np.rot90(p, 3),
}
"""How pixels have to be stored so that the orientation shows the upright picture."""


def difference(left, right):
    assert left.shape == right.shape
    return float(np.abs(left.astype(int) - right.astype(int)).mean())


def profile(name):
    """A matrix profile with the primaries of `name` and a gamma of 2.2, put together by hand."""
    primaries = {
        "display_p3": ((0.5151, 0.2412, -0.0011), (0.2920, 0.6922, 0.0419), (0.1571, 0.0666, 0.7841)),
        "adobe_rgb": ((0.6097, 0.3111, 0.0195), (0.2053, 0.6257, 0.0609), (0.1492, 0.0632, 0.7446)),
    }[name]
    columns = [struct.pack(">4sI3i", b"XYZ ", 0, *(round(v * 65536) for v in column)) for column in primaries]
    white = struct.pack(">4sI3i", b"XYZ ", 0, 63190, 65536, 54061)
    text = b"test\x00"
    desc = struct.pack(">4sII", b"desc", 0, len(text)) + text + bytes(79)
    curve = struct.pack(">4sIIH", b"curv", 0, 1, round(2.2 * 256)) + b"\x00\x00"
    names = [b"desc", b"wtpt", b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC", b"cprt"]
    copy = struct.pack(">4sI", b"text", 0) + b"none\x00\x00\x00\x00"
    bodies = [desc + bytes(-len(desc) % 4), white, *columns, curve, curve, curve, copy]
    at, table, content = 132 + 12 * len(names), b"", b""
    for tag, body in zip(names, bodies, strict=True):
        table += struct.pack(">4sII", tag, at + len(content), len(body))
        content += body
    head = struct.pack(">I4sI4s4s4s12x4s", at + len(content), b"none", 0x02100000, b"mntr", b"RGB ", b"XYZ ", b"acsp")
    head += bytes(28) + struct.pack(">3i", 63190, 65536, 54061)
    return head.ljust(128, b"\x00") + struct.pack(">I", len(names)) + table + content


def seen_through(icc, pixels):
    """`pixels` of sRGB in the colour space of `icc`."""
    transform = ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"), ImageCms.ImageCmsProfile(io.BytesIO(icc)), "RGB", "RGB", 1
    )
    return ImageCms.applyTransform(Image.fromarray(pixels), transform)


@pytest.mark.parametrize("image_format", FORMATS)
def test_every_format_gives_the_same_pixels(scene, save, image_format):
    name, options = FORMATS[image_format]
    data = save(scene, name, **options)
    picture = decode(data)
    assert picture.header == read_header(data)
    assert picture.header.format == image_format
    assert (picture.width, picture.height) == (128, 96)
    assert picture.alpha is None
    assert picture.intact
    assert picture.rgb.flags.c_contiguous
    assert difference(picture.rgb, scene) <= (0.0 if image_format in {"png", "webp", "tiff", "bmp"} else 1.5)


@pytest.mark.parametrize("image_format", [f for f in FORMATS if f != "bmp"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_turn_is_shown_upright(scene, save, image_format, orientation):
    name, options = FORMATS[image_format]
    stored = np.ascontiguousarray(TURNS[orientation](scene))
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = save(stored, name, exif=exif, **options)
    header = read_header(data)
    assert header.orientation == orientation
    assert (header.width_px, header.height_px) == (128, 96)
    assert difference(decode(data).rgb, scene) <= 1.5


def test_gif_of_few_colours_is_exact(save):
    pixels = np.zeros((20, 30, 3), np.uint8)
    pixels[5:10, 5:20] = (255, 0, 0)
    assert difference(decode(save(pixels, "GIF")).rgb, pixels) == 0.0


@pytest.mark.parametrize("name", ["display_p3", "adobe_rgb"])
@pytest.mark.parametrize("image_format", ["jpeg", "png", "webp", "tiff", "avif"])
def test_wide_gamut_is_converted_to_srgb(scene, save, name, image_format):
    icc = profile(name)
    stored = seen_through(icc, scene)
    assert difference(np.asarray(stored), scene) > 3.0
    pillow_name, options = FORMATS[image_format]
    picture = decode(save(stored, pillow_name, icc_profile=icc, **options))
    assert picture.header.icc_kind == name
    assert difference(picture.rgb, scene) <= 2.0


def test_srgb_profile_changes_nothing(scene, save):
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = decode(save(scene, "PNG", icc_profile=icc))
    assert picture.header.icc_kind == "srgb"
    assert difference(picture.rgb, scene) == 0.0


def test_broken_profile_counts_as_none(scene, save):
    for icc in (b"not a profile", profile("display_p3")[:140], b"\x00" * 4000):
        picture = decode(save(scene, "PNG", icc_profile=icc))
        assert picture.header.icc_kind == "broken"
        assert difference(picture.rgb, scene) == 0.0


def test_profile_of_other_samples_is_left_out(scene, save):
    gray = bytearray(profile("display_p3"))
    gray[16:20] = b"CMYK"
    picture = decode(save(scene, "PNG", icc_profile=bytes(gray)))
    assert picture.header.icc_kind == "broken"
    assert difference(picture.rgb, scene) == 0.0


def test_gray_pictures_are_expanded(scene, save):
    gray = cv2.cvtColor(scene, cv2.COLOR_RGB2GRAY)
    for data in (save(gray, "PNG"), save(gray, "TIFF"), save(gray, "JPEG", quality=95)):
        picture = decode(data)
        assert picture.header.colour_mode == "gray"
        assert difference(picture.rgb, np.dstack([gray] * 3)) <= 1.0


@pytest.mark.parametrize("image_format", ["JPEG", "TIFF"])
def test_cmyk_without_a_profile(scene, save, image_format):
    ink = Image.fromarray(scene).convert("CMYK")
    picture = decode(save(ink, image_format, **({"quality": 95} if image_format == "JPEG" else {})))
    assert picture.header.colour_mode == "cmyk"
    assert difference(picture.rgb, scene) <= 2.0


def test_cmyk_jpeg_without_the_adobe_marker_is_taken_as_inverted_too(scene, save):
    data = save(Image.fromarray(scene).convert("CMYK"), "JPEG", quality=95)
    at = data.index(b"\xff\xee")
    plain = data[:at] + data[at + 16 :]
    assert b"Adobe" not in plain
    assert difference(decode(plain).rgb, scene) <= 2.0


def test_black_ink_darkens(save):
    ink = np.zeros((8, 8, 4), np.uint8)
    ink[..., 3] = 128
    rgb = decode(save(Image.fromarray(ink, "CMYK"), "TIFF")).rgb
    assert np.unique(rgb).tolist() == [127]


def test_sixteen_bits_are_scaled_and_not_clipped(scene):
    deep = scene.astype(np.uint16) * 257
    for suffix in (".png", ".tiff"):
        data = cv2.imencode(suffix, cv2.cvtColor(deep, cv2.COLOR_RGB2BGR))[1].tobytes()
        picture = decode(data)
        assert picture.header.bit_depth == 16
        assert difference(picture.rgb, scene) == 0.0
        gray = cv2.imencode(suffix, deep[..., 0])[1].tobytes()
        assert difference(decode(gray).rgb[..., 0], scene[..., 0]) == 0.0


def test_sixteen_bit_png_is_rounded():
    levels = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    rounded = np.rint(levels / 257).astype(np.uint8)
    assert np.array_equal(decode(cv2.imencode(".png", levels)[1].tobytes()).rgb[..., 0], rounded)
    colour = cv2.imencode(".png", np.dstack([levels] * 3))[1].tobytes()
    assert np.array_equal(decode(colour).rgb[..., 1], rounded)


@pytest.mark.parametrize("image_format", ["PNG", "WEBP", "TIFF"])
def test_alpha_is_composited_on_white_and_kept(scene, save, image_format):
    alpha = np.full((96, 128), 255, np.uint8)
    alpha[:, :64] = 128
    alpha[:48, :64] = 0
    options = {"lossless": True, "exact": True} if image_format == "WEBP" else {}
    picture = decode(save(np.dstack([scene, alpha]), image_format, **options))
    expected = np.rint((scene * (alpha[..., None] / 255.0)) + (255.0 - alpha[..., None]))
    assert picture.header.has_alpha
    assert np.array_equal(picture.alpha, alpha)
    assert np.array_equal(picture.rgb, expected.astype(np.uint8))


def test_alpha_turns_with_the_picture(scene, save):
    alpha = np.full((96, 128), 255, np.uint8)
    alpha[:10] = 0
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = np.ascontiguousarray(np.rot90(np.dstack([scene, alpha]), 1))
    assert np.array_equal(decode(save(stored, "PNG", exif=exif)).alpha, alpha)


def test_opaque_alpha_is_dropped_but_the_header_knows(scene, save):
    picture = decode(save(np.dstack([scene, np.full((96, 128), 255, np.uint8)]), "PNG"))
    assert picture.alpha is None
    assert picture.header.has_alpha


def test_transparent_palette_and_colour_key(save):
    palette = Image.new("P", (4, 4), 0)
    palette.putpalette([10, 20, 30, 200, 100, 50])
    palette.putpixel((1, 1), 1)
    for data in (save(palette, "PNG", transparency=0), save(palette, "GIF", transparency=0)):
        picture = decode(data)
        assert picture.rgb[0, 0].tolist() == [255, 255, 255]
        assert picture.rgb[1, 1].tolist() == [200, 100, 50]
        assert picture.alpha.sum() == 255


def png(width, height, colour_type, depth, rows, *chunks):
    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, 0))
    extra = b"".join(chunk(*pair) for pair in chunks)
    return b"\x89PNG\r\n\x1a\n" + head + extra + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def test_transparent_level_of_sixteen_bits():
    gray = png(2, 1, 0, 16, b"\x00\x12\x34\x80\x80", (b"tRNS", b"\x12\x34"))
    assert decode(gray).rgb[0, :, 0].tolist() == [255, 128]
    colour = png(2, 1, 2, 16, b"\x00" + b"\x12\x34" * 3 + b"\x80\x80" * 3, (b"tRNS", b"\x12\x34" * 3))
    assert decode(colour).alpha.tolist() == [[0, 255]]


def test_damaged_extras_of_a_png_do_not_matter():
    data = png(1, 1, 0, 8, b"\x00\x07", (b"zTXt", b"bad"), (b"acTL", b"\x00" * 3), (b"iCCP", b"name\x00\x00junk"))
    picture = decode(data)
    assert picture.rgb.tolist() == [[[7, 7, 7]]]
    assert picture.header.icc_kind == "broken"


@pytest.mark.parametrize("image_format", ["GIF", "WEBP", "PNG", "TIFF", "AVIF"])
def test_first_frame_and_the_number_of_frames(save, image_format):
    frames = [Image.new("RGB", (16, 12), colour) for colour in ((200, 0, 0), (0, 200, 0), (0, 0, 200))]
    data = save(frames[0], image_format, save_all=True, append_images=frames[1:])
    picture = decode(data)
    assert picture.header.frames == 3
    assert np.abs(picture.rgb.astype(int) - (200, 0, 0)).max() <= 3


def test_too_many_frames(save):
    frames = [Image.new("L", (4, 4), level) for level in range(0, 200, 20)]
    for image_format in ("GIF", "WEBP", "PNG", "TIFF"):
        data = save(frames[0], image_format, save_all=True, append_images=frames[1:])
        with pytest.raises(MediaError) as caught:
            decode(data, Limits(max_frames=9))
        assert caught.value.kind is TroubleKind.TOO_LARGE


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "I", "F", "RGB", "RGBA", "CMYK", "YCbCr", "LAB"])
def test_every_tiff_mode_gives_a_sane_picture(scene, save, mode):
    gray = Image.fromarray(cv2.cvtColor(scene, cv2.COLOR_RGB2GRAY))
    if mode == "I;16":
        image = Image.fromarray(np.asarray(gray).astype(np.uint16) * 257)
    elif mode == "LAB":
        image = ImageCms.applyTransform(
            Image.fromarray(scene),
            ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB"),
        )
    else:
        image = (gray if mode in {"I", "F", "1", "LA"} else Image.fromarray(scene)).convert(mode)
    picture = decode(save(image, "TIFF"))
    wanted = scene if mode in {"RGB", "RGBA", "CMYK", "YCbCr", "LAB", "P"} else np.dstack([np.asarray(gray)] * 3)
    allowed = {"1": 130.0, "P": 20.0, "L": 0.6, "YCbCr": 2.0, "LAB": 2.0, "CMYK": 2.0}.get(mode, 0.0)
    assert difference(picture.rgb, wanted) <= allowed
    assert abs(float(picture.rgb.mean()) - float(wanted.mean())) <= 12.0


@pytest.mark.parametrize("image_format", [*FORMATS, "gif"])
def test_the_limits_hold_before_decoding(scene, save, image_format):
    name, options = FORMATS.get(image_format, ("GIF", {}))
    data = save(scene, name, **options)
    for limits, kind in (
        (Limits(max_pixels=128 * 96 - 1), TroubleKind.BOMB),
        (Limits(max_side_px=127), TroubleKind.BOMB),
        (Limits(max_bytes=len(data) - 1), TroubleKind.TOO_LARGE),
    ):
        for read in (read_header, decode):
            with pytest.raises(MediaError) as caught:
                read(data, limits)
            assert caught.value.kind is kind


def test_a_png_that_announces_a_hundred_gigapixels():
    with pytest.raises(MediaError) as caught:
        decode(png(400_000, 400_000, 2, 8, b"\x00"))
    assert caught.value.kind is TroubleKind.BOMB


def test_a_chunk_that_announces_more_than_there_is_costs_no_memory():
    data = bytearray(png(1, 1, 2, 16, b"\x00" * 7))
    at = data.index(b"IDAT") - 4
    data[at : at + 4] = b"\x7f\xff\xff\xff"
    tracemalloc.start()
    with pytest.raises(MediaError) as caught:
        decode(bytes(data))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert caught.value.kind is TroubleKind.TRUNCATED
    assert peak < 10_000_000


def test_a_profile_that_unpacks_to_gigabytes_is_refused():
    packed = zlib.compress(b"\x00" * 20_000_000)
    with pytest.raises(MediaError) as caught:
        decode(png(1, 1, 0, 8, b"\x00\x00", (b"iCCP", b"x\x00\x00" + packed)))
    assert caught.value.kind is TroubleKind.TOO_LARGE


@pytest.mark.parametrize("image_format", [*FORMATS, "gif"])
@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_a_cut_file_is_truncated(scene, save, image_format, share):
    name, options = FORMATS.get(image_format, ("GIF", {}))
    data = save(scene, name, **options)
    with pytest.raises(MediaError) as caught:
        decode(data[: max(24, int(len(data) * share))])
    assert caught.value.kind is TroubleKind.TRUNCATED


def test_no_bytes():
    with pytest.raises(MediaError) as caught:
        decode(b"")
    assert caught.value.kind is TroubleKind.EMPTY


def test_orientation_agrees_with_pillow(scene, save):
    exif = Image.Exif()
    exif[0x0112] = 7
    data = save(scene, "PNG", exif=exif)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    assert np.array_equal(decode(data).rgb, np.asarray(upright))


def test_gif_frame_smaller_than_its_canvas_stands_on_white(save):
    data = bytearray(save(np.zeros((4, 4, 3), np.uint8), "GIF"))
    data[6:10] = struct.pack("<HH", 8, 6)
    picture = decode(bytes(data))
    assert (picture.width, picture.height) == (8, 6)
    assert picture.rgb[0, 0].tolist() == [0, 0, 0]
    assert picture.rgb[5, 7].tolist() == [255, 255, 255]
    assert picture.alpha[5, 7] == 0
