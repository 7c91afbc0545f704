import pytest

from packshot.collect.column_values import Column, is_gtin, picture_likeness


def seen(*texts):
    return Column("x", tuple((text,) if text else () for text in texts)).seen


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("4006381333931", True),
        ("4006381333932", False),
        ("036000291452", True),
        ("96385074", True),
        ("10614141000415", True),
        ("0000000000000", False),
        ("123", False),
        ("400638133393X", False),
    ],
)
def test_a_gtin_is_told_by_its_check_digit(text, right):
    assert is_gtin(text) is right


@pytest.mark.parametrize(
    ("text", "likeness"),
    [
        ("a/b.JPG", 1.0),
        ("https://x.example/a.webp?w=9#top", 1.0),
        ("https://x.example/images/4711", 0.5),
        ("https://x.example/a.jpg/fit", 0.5),
        ("https://shop.example/product/4711.html", 0.0),
        ("https://x.example/media/manual.pdf", 0.0),
        ("image", 0.0),
    ],
)
def test_places_of_pictures_are_told_from_others(text, likeness):
    assert picture_likeness(text) == likeness


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("https://x.example/a.jpg|https://x.example/b.jpg", "|"),
        ("https://x.example/a.jpg, https://x.example/b.jpg", ","),
        ("https://x.example/w_9,h_9/a.jpg,https://x.example/w_9,h_9/b.jpg", ","),
        ("https://x.example/a https://x.example/b https://x.example/c", " "),
        ("a.jpg;b.jpg", ";"),
        ("my cup.jpg, my cup 2.jpg", ","),
        ('["https://x.example/a.jpg", "https://x.example/b.jpg"]', ","),
        ("['a.jpg', 'b.jpg']", ","),
        ("a.jpg", None),
    ],
)
def test_what_stands_between_pictures_is_found(text, separator):
    found = seen(*[text] * 9)
    assert found.separator == separator
    assert found.odd_separators == 0
    assert found.pictures == 1 or "example/b " in text


def test_separators_that_differ_are_seen():
    assert seen("a.jpg|b.jpg", "c.jpg;d.jpg", "e.jpg|f.jpg").odd_separators == pytest.approx(1 / 3)


def test_ids_are_short_different_and_nearly_always_there():
    assert seen(*[f"A-{n}" for n in range(20)]).like_ids
    assert not seen(*[f"0.{n}" for n in range(10, 30)]).like_ids
    assert not seen("A1", "", "", "A2").like_ids
    assert not seen("Mug, blue, large", "Mug, red, small").like_ids
