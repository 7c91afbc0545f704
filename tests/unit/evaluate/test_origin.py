import pytest

from packshot.evaluate.origin import first, moment, plain, source_type


def test_texts_are_made_plain():
    assert plain("  Ann\x00\x1b[31m \n Lee\u202e\u200b ") == "Ann[31m Lee"
    assert plain("\x00\x01 \u200f") is None
    assert plain("a\ud800b") == "ab"
    assert plain("Zoë 写真") == "Zoë 写真"
    assert len(plain("x" * 5000)) == 200
    assert first(["\x00", "Ann", "Lee"]) == "Ann"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia", "trainedAlgorithmicMedia"),
        ("https://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture/", "digitalCapture"),
        ("digsrctype:compositeSynthetic", "compositeSynthetic"),
        ("algorithmicMedia", "algorithmicMedia"),
        ("http://c2pa.org/digitalsourcetype/empty", "empty"),
        ("an old photo", None),
        ("http://cv.iptc.org/" + "x" * 500, None),
        ("", None),
    ],
)
def test_a_source_type_is_the_last_part_of_its_address(written, code):
    assert source_type(written) == code


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2024:05:01 12:00:00", "2024-05-01T12:00:00"),
        ("2024:05:01 12:00:00+02:00", "2024-05-01T12:00:00+02:00"),
        ("2024-05-01T12:00:00.25Z", "2024-05-01T12:00:00+00:00"),
        ("2024-05-01", "2024-05-01T00:00:00"),
        ("0000:00:00 00:00:00", None),
        ("    :  :     :  :  ", None),
        ("yesterday", None),
    ],
)
def test_a_moment_is_iso_8601(written, iso):
    assert moment(written) == iso
