"""Where each format keeps its metadata, and that hostile metadata costs nothing but itself."""

from __future__ import annotations

import io
import random
import struct
import zlib

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from packshot.media.decode import decode
from packshot.media.exif import exif_texts
from packshot.media.iptc import iptc_resource, iptc_texts
from packshot.media.jumbf import stated
from packshot.media.metadata import LONGEST_TEXT, MOST_XMP_BYTES, read_metadata
from packshot.media.xmp import xmp_texts

XMP = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
    'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="Paint"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
).encode()
FORMATS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "tiff": "TIFF", "avif": "AVIF", "gif": "GIF"}


def box(name, *parts):
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), name) + body


def superbox(label, *parts, kind=b"c2ma"):
    """A JUMBF superbox with its description."""
    return box(b"jumb", box(b"jumd", kind.ljust(16, b"\x10"), b"\x03", label.encode() + b"\x00"), *parts)


def cbor_text(text):
    raw = text.encode()
    head = bytes((0x60 + len(raw),)) if len(raw) < 24 else struct.pack(">BB", 0x78, len(raw))
    return head + raw


def manifest(source_type, agent):
    actions = b"\xa2" + cbor_text("digitalSourceType") + cbor_text(source_type)
    actions += cbor_text("softwareAgent") + b"\xa1" + cbor_text("name") + cbor_text(agent)
    claim = cbor_text("claim_generator_info") + b"\x81\xa1" + cbor_text("name") + cbor_text("Camera app")
    return superbox(
        "urn:c2pa:1",
        superbox("c2pa.assertions", superbox("c2pa.actions.v2", box(b"cbor", actions))),
        superbox("c2pa.claim.v2", box(b"cbor", claim)),
    )


STORE = superbox(
    "c2pa",
    manifest("http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture", "an ingredient"),
    manifest("http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia", "DALL-E"),
    kind=b"c2pa",
)


def segment(code, body):
    return struct.pack(">BBH", 0xFF, code, len(body) + 2) + body


def in_jpeg(jpeg, *segments):
    return jpeg[:2] + b"".join(segments) + jpeg[2:]


def in_png(png, name, body):
    return (
        png[:33] + struct.pack(">I4s", len(body), name) + body + struct.pack(">I", zlib.crc32(name + body)) + png[33:]
    )


def in_webp(webp, name, body):
    riff = webp[8:] + struct.pack("<4sI", name, len(body)) + body + b"\x00" * (len(body) % 2)
    return b"RIFF" + struct.pack("<I", len(riff)) + riff


def in_gif(gif, application, body):
    return gif[:-1] + b"\x21\xff\x0b" + application + body + b"\x3b"


def blocks(body):
    return (
        b"".join(bytes((len(body[at : at + 255]),)) + body[at : at + 255] for at in range(0, len(body), 255)) + b"\x00"
    )


def iptc(record, dataset, value):
    return struct.pack(">BBBH", 0x1C, record, dataset, len(value)) + value


def photoshop(datasets, number=0x0404):
    name = b"\x00\x00"
    return (
        b"8BIM"
        + struct.pack(">H", number)
        + name
        + struct.pack(">I", len(datasets))
        + datasets
        + b"\x00" * (len(datasets) % 2)
    )


@pytest.fixture(scope="session")
def plain(scene, save):
    """The scene in a format, without any metadata."""
    return lambda name: save(Image.fromarray(scene[:40, :56]), FORMATS[name])


@pytest.fixture(scope="session")
def with_xmp(scene, save, plain):
    def make(name, xmp=XMP):
        if name == "png":
            info = PngInfo()
            info.add_itxt("XML:com.adobe.xmp", xmp.decode(), zip=True)
            return save(Image.fromarray(scene[:40, :56]), "PNG", pnginfo=info)
        if name == "gif":  # the trailer leads readers of blocks from any byte of the text to the end
            return in_gif(plain("gif"), b"XMP DataXMP", xmp + bytes((1, *range(255, -1, -1), 0)))
        if name == "tiff":
            return save(Image.fromarray(scene[:40, :56]), "TIFF", tiffinfo={700: xmp})
        return save(Image.fromarray(scene[:40, :56]), FORMATS[name], xmp=xmp)

    return make


@pytest.mark.parametrize("name", FORMATS)
def test_xmp_is_found_in_every_format(name, with_xmp, plain):
    (packet,) = read_metadata(with_xmp(name), name).xmp
    assert xmp_texts(packet) == {"software": ["Paint"]}
    assert read_metadata(plain(name), name).xmp == ()


@pytest.mark.parametrize("name", ["jpeg", "png", "webp", "tiff", "avif"])
def test_exif_is_found_in_every_format_that_has_it(name, scene, save):
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Acme", "One"
    data = save(Image.fromarray(scene[:40, :56]), FORMATS[name], exif=exif)
    assert exif_texts(read_metadata(data, name).exif) == {"camera_make": "Acme", "camera_model": "One"}


def test_heic_is_read_by_the_library(turned_heic):
    assert read_metadata(turned_heic, "heic").exif[:4] in {b"Exif", b"II*\x00", b"MM\x00*"}


def credentials_in(name, data, store):
    """`data` with a manifest store where that format keeps it."""
    if name == "jpeg":
        cut = 40
        head = struct.pack(">2sHI", b"JP", 1, 2)
        later = segment(0xEB, head + store[:8] + store[cut:])
        return in_jpeg(data, segment(0xEB, struct.pack(">2sHI", b"JP", 1, 1) + store[:cut]), later)
    if name == "png":
        return in_png(data, b"caBX", store)
    if name == "webp":
        return in_webp(data, b"C2PA", store)
    if name == "gif":
        return in_gif(data, b"C2PA_GIF\x01\x00\x00", blocks(store))
    if name in {"avif", "heic"}:
        uuid = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
        return data + box(b"uuid", uuid, bytes(4), b"manifest\x00", bytes(8), store)
    image = Image.open(io.BytesIO(data))
    buffer = io.BytesIO()
    image.save(buffer, "TIFF", tiffinfo={0xCD41: store})
    return buffer.getvalue()


@pytest.mark.parametrize("name", FORMATS)
def test_content_credentials_are_found_in_every_format(name, plain):
    data = credentials_in(name, plain(name), STORE)
    assert read_metadata(data, name).credentials == STORE
    assert decode(data).width == 56, "and the picture is still a picture"
    assert read_metadata(plain(name), name).credentials == b""


def test_content_credentials_are_found_in_heic(turned_heic):
    assert read_metadata(credentials_in("heic", turned_heic, STORE), "heic").credentials == STORE


def test_no_more_than_the_start_of_the_actions_is_searched():
    statement = cbor_text("digitalSourceType") + cbor_text("digitalCapture")

    def told(padding, boxes_before=0):
        actions = [superbox("c2pa.actions", box(b"cbor", b"\x00" * 40))] * boxes_before
        actions.append(superbox("c2pa.actions.v2", box(b"cbor", b"\x6dsoftwareAgent\xa1" * (padding // 15), statement)))
        return stated(superbox("c2pa", superbox("urn:c2pa:1", superbox("c2pa.assertions", *actions)))).source_types

    assert told(1000) == told(1000, boxes_before=3) == ("digitalCapture",)
    assert told(300_000) == told(1000, boxes_before=4) == ()


def test_only_c2pa_counts_among_the_boxes_of_a_jpeg(plain):
    other = superbox("a 360° picture", kind=b"cbor")
    assert read_metadata(credentials_in("jpeg", plain("jpeg"), other), "jpeg").credentials == b""


def test_the_active_manifest_says_where_the_picture_comes_from():
    told = stated(STORE)
    assert told.source_types == ("http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",)
    assert told.agents == ("DALL-E", "Camera app")
    assert stated(superbox("c2pa", kind=b"c2pa")) == stated(b"") == stated(STORE[:60])


def test_extended_xmp_of_a_jpeg_is_joined_in_order(plain):
    guid = b"0123456789ABCDEF0123456789ABCDEF"
    main = XMP.replace(b"<rdf:RDF ", b'<rdf:RDF xmlns:n="http://ns.adobe.com/xmp/note/" ').replace(
        b"Paint", b"Paint " + guid
    )
    parts = (XMP[:100], XMP[100:])

    def more(at, part, length=None):
        length = length or len(XMP)
        return segment(0xE1, b"http://ns.adobe.com/xmp/extension/\x00" + guid + struct.pack(">II", length, at) + part)

    first = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + main)
    swapped = in_jpeg(plain("jpeg"), first, more(100, parts[1]), more(0, parts[0]))
    assert read_metadata(swapped, "jpeg").xmp == (main, XMP)
    for broken in (
        [more(0, parts[0])],
        [more(0, parts[0]), more(120, parts[1])],
        [more(0, parts[0], 100_000_000), more(100, parts[1], 100_000_000)],
    ):
        assert read_metadata(in_jpeg(plain("jpeg"), first, *broken), "jpeg").xmp == (main,)


def test_iptc_is_read_with_and_without_a_declared_charset(plain, scene, save):
    datasets = iptc(1, 90, b"\x1b%G") + iptc(2, 80, "Zoë".encode()) + iptc(2, 110, b"Agency") + iptc(2, 5, b"Title")
    irb = photoshop(b"\x00", 0x03ED) + photoshop(datasets)
    jpeg = in_jpeg(
        plain("jpeg"), segment(0xED, b"Photoshop 3.0\x00" + irb[:20]), segment(0xED, b"Photoshop 3.0\x00" + irb[20:])
    )
    assert iptc_texts(read_metadata(jpeg, "jpeg").iptc) == {"creator": ["Zoë"], "credit": ["Agency"]}
    assert iptc_texts(iptc(2, 116, "© Zoë".encode("latin-1"))) == {"copyright_notice": ["© Zoë"]}
    tiff = save(Image.fromarray(scene[:40, :56]), "TIFF", tiffinfo={34377: irb})
    assert iptc_texts(read_metadata(tiff, "tiff").iptc)["creator"] == ["Zoë"]


def test_cut_iptc_gives_what_came_before():
    datasets = iptc(2, 80, b"Ann") + iptc(2, 110, b"Agency")
    assert iptc_texts(datasets[:-3]) == {"creator": ["Ann"]}
    assert iptc_texts(b"\x1c\x02\x50\xff\xff" + b"x" * 10) == {}
    irb = photoshop(datasets)
    assert [iptc_resource(irb[:end]) for end in (4, 8, 11)] == [b""] * 3
    assert iptc_resource(b"8BIM\x03\xed\x00\x00\xff\xff\xff\xff" + irb) == b"", "a length beyond the end"


def test_texts_of_a_png_are_bounded(plain):
    bomb = b"parameters\x00\x00" + zlib.compress(bytes(5_000_000), 9)
    png = in_png(plain("png"), b"zTXt", bomb)
    ((keyword, text),) = read_metadata(png, "png").texts
    assert keyword == "parameters"
    assert len(text) == LONGEST_TEXT
    for _ in range(100):
        png = in_png(png, b"tEXt", b"key\x00text")
    assert len(read_metadata(png, "png").texts) == 64
    assert read_metadata(in_png(plain("png"), b"zTXt", b"parameters\x00\x00no zlib"), "png").texts == (
        ("parameters", ""),
    )


HOSTILE_XMP = {
    "a billion laughs": b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>',
    "an outside entity": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + XMP.replace(b"Paint", b"&a;"),
    "too deep": b"<a>" * 100_000,
    "too long": XMP + b" " * MOST_XMP_BYTES + b"<a/>",
    "cut": XMP[:-60],
    "NUL bytes": XMP.replace(b"Paint", b"Pa\x00int"),
    "an encoding that is none": b'<?xml version="1.0" encoding="klingon"?>' + XMP,
    "binary": bytes(range(256)) * 4,
}


@pytest.mark.parametrize("kind", HOSTILE_XMP)
def test_hostile_xmp_says_nothing(kind):
    assert xmp_texts(HOSTILE_XMP[kind]) == {}


def test_a_length_beyond_the_file_is_no_length(with_xmp):
    jpeg = with_xmp("jpeg")
    at = jpeg.index(b"\xff\xe1") + 2
    assert read_metadata(jpeg[:at] + b"\xff\xff" + jpeg[at + 2 : 300], "jpeg").xmp == ()
    png = with_xmp("png")
    at = png.index(b"iTXt") - 4
    assert read_metadata(png[:at] + struct.pack(">I", 100_000_000) + png[at + 4 :], "png").xmp == ()


@pytest.mark.parametrize("name", FORMATS)
def test_any_damage_is_borne(name, with_xmp):
    good = credentials_in(name, with_xmp(name), STORE)
    rng = random.Random(name)  # noqa: S311 - reproducible, nothing secret
    for _ in range(150):
        data = bytearray(good[: rng.randrange(20, len(good) + 1)])
        for _ in range(rng.choice((1, 4, 30))):
            data[rng.randrange(len(data))] = rng.randrange(256)
        found = read_metadata(bytes(data), name)
        exif_texts(found.exif)
        iptc_texts(found.iptc)
        stated(found.credentials)
        for packet in found.xmp:
            xmp_texts(packet)


def test_a_format_without_metadata_has_none(save, scene):
    assert read_metadata(save(scene[:8, :8], "BMP"), "bmp") == read_metadata(b"", "bmp")
