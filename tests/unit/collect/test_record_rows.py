import pytest

from packshot.collect.record_rows import Records
from packshot.core.errors import SourceError


def row(mapping=None, **record):
    return Records(mapping or {}).row("row 1", record)


@pytest.mark.parametrize(
    ("record", "pictures"),
    [
        ({"image": "a.jpg"}, [("a.jpg", None, None)]),
        ({"image": "a.jpg", "role": "swatch", "position": 3}, [("a.jpg", "swatch", "3")]),
        ({"image": ["a.jpg", "b.jpg"], "role": "main"}, [("a.jpg", "main", None), ("b.jpg", None, None)]),
        ({"image": {"url": "a.jpg", "role": "detail"}}, [("a.jpg", "detail", None)]),
        ({"images": [{"src": "a.jpg", "position": 2}, "b.jpg"]}, [("a.jpg", None, "2"), ("b.jpg", None, None)]),
        (
            {"Image Link": "a.jpg", "additional_images": "b.jpg, c.jpg"},
            [("a.jpg", None, None), ("b.jpg", None, None), (" c.jpg", None, None)],
        ),
        ({"image": "a.jpg", "lifestyle_image": ["r.jpg"]}, [("a.jpg", None, None), ("r.jpg", "lifestyle", None)]),
        ({"image": None, "images": []}, []),
        ({"images": [1, None, {"no": "place"}, {"src": 5}, [["a.jpg"]]]}, []),
        ({"image": b"bytes"}, []),
    ],
)
def test_pictures_come_in_any_usual_shape(record, pictures):
    assert [(one.uri, one.role, one.position) for one in row(id=1, **record).pictures] == pictures


def test_fields_and_attributes():
    found = row(
        {"title": "naam"}, id=7, naam="Mug", title="other", price=1.5, new=True, sizes={"b": 1, "a": [2]}, raw=b"x"
    )
    assert found.fields == {"listing_id": "7", "title": "Mug"}
    assert found.attributes == {"title": "other", "price": "1.5", "new": "true", "sizes": '{"a": [2], "b": 1}'}


def test_numbers_are_written_as_people_write_them():
    found = row(id=7.0, image="a.jpg", weight=0.5, missing=float("nan"), far=float("inf"), big=10**30)
    assert found.fields == {"listing_id": "7"}
    assert found.attributes == {"weight": "0.5", "far": "inf", "big": str(10**30)}


def test_what_no_record_has_is_told_with_the_line_to_type():
    records = Records({"title": "naam"})
    records.row("row 1", {"id": 1, "image_file": "a.jpg"})
    with pytest.raises(SourceError) as raised:
        records.check("feed")
    assert "--map image=image_file" in raised.value.hint
    records.row("row 2", {"id": 1, "image": "a.jpg", "naam": "Mug"})
    records.check("feed")


def test_columns_may_be_paths_into_what_is_nested():
    record = {
        "sku": "A",
        "product": {"title": "Mug", "brand": [{"name": "Acme"}]},
        "media": {"shots": [{"large": "a.jpg"}, {"large": "b.jpg"}], "side": "c.jpg|d.jpg"},
        "other.name": "e.jpg",
    }
    mapping = {
        "title": "product.title",
        "image": "media.shots.large",
        "additional_images": "media.side,other.name",
        "brand": "product.gone",
    }
    row = Records(mapping, "|").row("line 1", record)
    assert row.fields == {"listing_id": "A", "title": "Mug"}
    assert [picture.uri for picture in row.pictures] == ["a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg"]
    assert set(row.attributes) == {"product"}


def test_a_path_that_leads_nowhere_in_the_whole_feed_is_refused():
    records = Records({"image": "media.gone"})
    records.row("line 1", {"id": "1", "media": {"shots": []}})
    with pytest.raises(SourceError, match="picture's place"):
        records.check("feed.jsonl")
