"""The format of a file from its first bytes; the name of the file is never asked."""

from __future__ import annotations

from packshot.core.errors import MediaError
from packshot.core.trouble import TroubleKind

_FORMATS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"RIFF", "webp"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"),
    (b"MM\x00+", "tiff"),
    (b"BM", "bmp"),
)
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_UMBRELLA_BRANDS = frozenset({b"mif1", b"msf1", b"mif2", b"miaf"})
"""Brands that say "pictures" without saying which codec; the compatible brands do."""

_HEIF_BRANDS = _HEIC_BRANDS | _AVIF_BRANDS | _UMBRELLA_BRANDS
_BMP_HEADER_BYTES = frozenset({12, 16, 40, 52, 56, 64, 108, 124})
_LARGEST_BMP_OFFSET = 1 << 24

_OTHER_IMAGES: tuple[tuple[bytes, str], ...] = (
    (b"8BPS", "a Photoshop document"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "a JPEG 2000 picture"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 codestream"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "a JPEG XL picture"),
    (b"\xff\x0a", "a JPEG XL codestream"),
    (b"%!PS", "a PostScript drawing"),
    (b"\xc5\xd0\xd3\xc6", "an EPS drawing"),
    (b"DDS ", "a DirectDraw texture"),
    (b"\x76\x2f\x31\x01", "an OpenEXR picture"),
    (b"#?RADIANCE", "a Radiance HDR picture"),
    (b"qoif", "a QOI picture"),
    (b"icns", "an Apple icon"),
    (b"SIMPLE  =", "a FITS picture"),
    (b"\x01\xda", "an SGI picture"),
    (b"/* XPM */", "an XPM picture"),
    (b"\xd7\xcd\xc6\x9a", "a Windows metafile"),
    (b"AT&TFORM", "a DjVu document"),
    (b"BLP1", "a BLP texture"),
    (b"BLP2", "a BLP texture"),
    (b"FTEX", "an FTEX texture"),
    (b"gimp xcf", "a GIMP document"),
    (b"II\xbc\x01", "a JPEG XR picture"),
    (b"\xb1\x68\xde\x3a", "a DCX fax"),
    (b"FUJIFILMCCD-RAW", "a camera raw file"),
)

_OTHER_FILES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF document"),
    (b"\x1aE\xdf\xa3", "a Matroska or WebM video"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office or FlashPix document"),
    (b"glTF", "a glTF model"),
    (b"ID3", "an MP3 file"),
    (b"OggS", "an Ogg file"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"SQLite format 3", "an SQLite database"),
    (b"PAR1", "a Parquet table"),
    (b"\x89HDF", "an HDF5 file"),
    (b"GRIB", "a GRIB file"),
    (b"version https://git-lfs", "a Git LFS pointer, not the file itself"),
)

_TEXT_LOOKED_AT = 1024


def sniff(data: bytes) -> str | None:
    """Give `jpeg png webp gif bmp tiff avif heic` from the first bytes, or None when it is none of them."""
    for magic, image_format in _FORMATS:
        if data.startswith(magic):
            return image_format if _is_really(image_format, data) else None
    return _sniff_heif(data) if data[4:8] == b"ftyp" else None


def refusal(data: bytes) -> MediaError:
    """The error for content that `sniff` does not know: an image of another format, or no image at all."""
    image = _name(data, _OTHER_IMAGES)
    if image is None and data[:1] == b"P" and data[1:2] in b"1234567fF" and data[2:3].isspace():
        image = "a Netpbm picture"
    if data.startswith((b"II*\x00", b"MM\x00*")):
        image = "a camera raw file"
    image = image or _name_by_structure(data)
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        image = "an HEIF picture of a rare codec"
    if data[4:11] == b"ftypcrx":
        image = "a camera raw file"
    if _is_svg(data):
        image = "an SVG drawing"
    if image is not None:
        return MediaError(TroubleKind.UNSUPPORTED, f"the content is {image}, which is not decoded here")
    return MediaError(TroubleKind.NOT_AN_IMAGE, f"the content is {_name(data, _OTHER_FILES) or _describe(data)}")


def _name(data: bytes, known: tuple[tuple[bytes, str], ...]) -> str | None:
    return next((words for magic, words in known if data.startswith(magic)), None)


def _name_by_structure(data: bytes) -> str | None:
    """Formats whose first bytes say little: several fields have to make sense together."""
    if len(data) < 18:  # noqa: PLR2004 - the shortest of their headers
        return None
    kind = int.from_bytes(data[2:4], "little")
    pictures = int.from_bytes(data[4:6], "little")
    if data[:2] == b"\x00\x00" and kind in {1, 2} and 0 < pictures < 256 and data[9] == 0:  # noqa: PLR2004
        return "a Windows icon or cursor"
    if data[4:6] in {b"\x11\xaf", b"\x12\xaf"}:
        return "a FLI animation"
    if data[0] == 10 and data[1] in {0, 2, 3, 4, 5} and data[2] <= 1 and data[3] in {1, 2, 4, 8}:  # noqa: PLR2004
        return "a PCX picture"
    sized = data[12:14] != b"\x00\x00" and data[14:16] != b"\x00\x00"
    tga = data[1] <= 1 and data[2] in {1, 2, 3, 9, 10, 11} and data[16] in {8, 15, 16, 24, 32} and sized
    return "a TGA picture" if tga or data.endswith(b"TRUEVISION-XFILE.\x00") else None


def _is_really(image_format: str, data: bytes) -> bool:
    if image_format == "webp":
        return data[8:12] == b"WEBP"
    if image_format == "tiff":
        return data[8:10] != b"CR"  # Canon's raw files; their first page is a thumbnail
    return image_format != "bmp" or _is_bmp(data)


def _sniff_heif(data: bytes) -> str | None:
    size = min(int.from_bytes(data[:4], "big"), len(data), 4096)
    major = data[8:12]
    if major not in _HEIF_BRANDS:
        return None
    brands = [major, *(data[at : at + 4] for at in range(16, size - 3, 4))]
    for brand in brands:
        if brand in _AVIF_BRANDS:
            return "avif"
        if brand in _HEIC_BRANDS:
            return "heic"
    return None


def _is_bmp(data: bytes) -> bool:
    # "BM" may start a text as well ("BMW …"), so one of the two length fields has to make sense.
    offset = int.from_bytes(data[10:14], "little")
    header = int.from_bytes(data[14:18], "little")
    return offset < _LARGEST_BMP_OFFSET or header in _BMP_HEADER_BYTES


def _text(data: bytes) -> str:
    head = data[:_TEXT_LOOKED_AT]
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    return head.decode(encoding, errors="replace").lstrip("\ufeff \t\r\n").lower()


def _is_svg(data: bytes) -> bool:
    text = _text(data)
    return text.startswith("<") and "<svg" in text and "<html" not in text


def _describe(data: bytes) -> str:
    text = _text(data)
    # The cut may split the last character, so that one does not count.
    readable = (
        len(text) > 1 and "\ufffd" not in text[:-1] and all(mark.isprintable() or mark.isspace() for mark in text[:-1])
    )
    guesses = (
        (not data.strip(b"\x00"), "nothing but zero bytes"),
        (data[4:8] == b"ftyp", "an MP4 or QuickTime video"),
        (data[:4] == b"RIFF", "a RIFF file without a picture (video or sound)"),
        ("<html" in text or text.startswith("<!doctype html"), "an HTML page: the address gave a page, not a picture"),
        (text.startswith("<"), "an XML document"),
        (readable and text.startswith(("{", "[")), "JSON or another text"),
        (readable, "plain text"),
    )
    return next((words for holds, words in guesses if holds), "of no picture format that is known here")
