import io

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from packshot.evaluate import suite
from packshot.media.decode import decode

XMP = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:i="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:p="http://ns.adobe.com/photoshop/1.0/"'
    ' xmlns:exif="http://ns.adobe.com/exif/1.0/"><rdf:Description {}/></rdf:RDF>'
)
PLACE = {1: "N", 2: (48.0, 8.0, 3.5), 3: "E", 4: (11.0, 34.0, 1.0)}


def measured(image_format, **options):
    buffer = io.BytesIO()
    Image.new("RGB", (32, 24), (200, 30, 90)).save(buffer, image_format, **options)
    return dict(suite.all_measures()["provenance"].measure(decode(buffer.getvalue())))


def exif(place=None, **texts):
    block = Image.Exif()
    tags = {"make": 0x010F, "model": 0x0110, "software": 0x0131, "artist": 0x013B, "rights": 0x8298}
    block.update({tags[name]: text.encode() for name, text in texts.items()})
    if place:
        block[0x8825] = place
    return block


def test_a_camera_and_its_owner():
    block = exif(make="Acme", model="One", software="v1.2", artist="Ann", rights="© Ann")
    block[0x8769] = {0x9003: "2024:05:01 12:00:00"}
    found = measured("JPEG", exif=block)
    assert (
        found
        | {
            "camera_make": "Acme",
            "camera_model": "One",
            "software": "v1.2",
            "creator": "Ann",
            "copyright_notice": "© Ann",
            "taken_at": "2024-05-01T12:00:00",
            "has_gps": False,
            "ai_generator": None,
            "c2pa_present": False,
        }
        == found
    )


def test_xmp_fills_what_exif_leaves_open():
    xmp = XMP.format(
        'p:Credit="Agency" i:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"'
    )
    found = measured("WEBP", exif=exif(artist="Ann"), xmp=xmp.encode())
    assert (found["creator"], found["credit"], found["digital_source_type"]) == ("Ann", "Agency", "digitalCapture")


@pytest.mark.parametrize("where", ["exif", "xmp"])
def test_a_place_is_told_and_never_kept(where):
    xmp = XMP.format('exif:GPSLatitude="48,8.06N" exif:GPSLongitude="11,34.02E"')
    found = measured("JPEG", **({"exif": exif(PLACE)} if where == "exif" else {"xmp": xmp.encode()}))
    assert found["has_gps"] is True
    assert not any("48" in str(value) for value in found.values())


def test_generators_are_told_in_png_texts_and_in_exif():
    info = PngInfo()
    info.add_text("parameters", "a mug\nSteps: 20, Sampler: Euler a")
    assert measured("PNG", pnginfo=info)["ai_generator"] == "Stable Diffusion web UI"
    info = PngInfo()
    info.add_text("Software", "NovelAI")
    assert measured("PNG", pnginfo=info)["software"] == "NovelAI"
    assert measured("JPEG", exif=exif(make="Black Forest Labs"))["ai_generator"] == "FLUX"
    assert measured("JPEG", xmp=XMP.format('p:Credit="Made with Google AI"').encode())["ai_generator"] == "Google AI"
    comment = Image.Exif()
    comment[0x8769] = {0x9286: b"UNICODE\x00" + "a mug\nSteps: 20, Seed: 1".encode("utf-16-be")}
    assert measured("JPEG", exif=comment)["ai_generator"] == "Stable Diffusion web UI"


def test_hidden_characters_and_long_texts_do_not_get_through():
    found = measured("JPEG", exif=exif(artist="A\u202enn\x1b[2J", rights="x" * 5000))
    assert found["creator"] == "Ann[2J"
    assert len(found["copyright_notice"]) == 200


@pytest.mark.parametrize("image_format", ["BMP", "GIF", "TIFF", "AVIF"])
def test_a_bare_file_says_nothing(image_format):
    found = measured(image_format)
    assert {name for name, value in found.items() if value is not None} == {"has_gps", "c2pa_present"}
    assert not found["has_gps"]


def test_a_picture_without_a_file_has_no_answer(studio):
    assert set(studio.measure("provenance", studio.scene()).values()) == {None}
