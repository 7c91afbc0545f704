import pytest

from packshot.collect.columns import check_mapping, has_required, missing_columns, plan_columns
from packshot.core.errors import SourceError, UnknownName, UsageError


def test_names_by_convention_whatever_their_spelling():
    plan = plan_columns(
        ["Product ID", " TITLE ", "image-path", "Image_Role", "g:item_group_id", "EAN", "colour"], {}, "f"
    )
    expected = {"listing_id": 0, "title": 1, "role": 3, "variant_group_id": 4, "gtin": 5}
    assert dict(plan.fields) == expected
    assert plan.images == (2,)
    assert dict(plan.attributes) == {6: "colour"}


def test_editor_role_is_an_attribute():
    plan = plan_columns(["listing_id", "image_path", "editor_role"], {}, "f")
    assert "role" not in plan.fields
    assert plan.attributes[2] == "editor_role"


def test_the_mapping_wins_over_convention():
    mapping = check_mapping({"image_path": "foto", "id": "art nr"})
    plan = plan_columns(["id", "Art Nr", "image", "foto"], mapping, "f")
    assert plan.fields["listing_id"] == 1
    assert plan.images == (3,)
    assert set(plan.attributes.values()) == {"id", "image"}


def test_a_column_mapped_to_one_field_is_not_taken_for_another():
    plan = plan_columns(["id", "image", "name"], check_mapping({"brand": "name"}), "f")
    assert plan.fields["brand"] == 2
    assert "title" not in plan.fields


def test_what_is_set_aside_is_said():
    plan = plan_columns(["sku", "product_id", "image"], {}, "f")
    assert plan.fields["listing_id"] == 1
    assert any("'sku'" in note for note in plan.notes)


def test_googles_category_stands_beside_the_feeds_own_or_is_the_category():
    both = plan_columns(["id", "image", "product_type", "google_product_category"], {}, "f")
    assert (both.fields["category"], both.fields["google_category"]) == (2, 3)
    alone = plan_columns(["id", "image", "google_product_category"], {}, "f")
    assert (alone.fields["category"], alone.fields["google_category"]) == (2, 2)
    assert not alone.attributes
    mapping = {"category": "google_product_category"}
    mapped = plan_columns(["id", "image", "product_type", "google_product_category"], mapping, "f")
    assert (mapped.fields["category"], mapped.fields["google_category"]) == (3, 3)


@pytest.mark.parametrize("name", ["item_group_id", "Parent SKU", "parent_asin", "parent-id", "variant_group_id"])
def test_the_parent_of_a_child_is_its_variant_group(name):
    assert plan_columns(["id", "image", name], {}, "f").fields["variant_group_id"] == 2


def test_repeated_columns():
    header = [
        "id",
        "image",
        "image",
        "additional_image_link",
        "additional_image_link",
        "size",
        "size",
        "",
        "title",
        "title",
    ]
    plan = plan_columns(header, {}, "f")
    assert plan.images == (1, 2)
    assert plan.additional == (3, 4)
    assert list(plan.attributes.values()) == ["size", "size_2", "column_8", "title"]
    assert any("'title'" in note for note in plan.notes)


def test_missing_columns_are_named_with_the_line_to_type():
    with pytest.raises(SourceError) as caught:
        plan_columns(["artikel", "image_file", "titel"], {}, "feed.csv")
    assert "listing_id|product_id|id|sku" in caught.value.message
    assert "'artikel', 'image_file', 'titel'" in caught.value.hint
    assert "--map listing_id=COLUMN --map image=image_file" in caught.value.hint


def test_a_mapped_column_that_is_not_there():
    with pytest.raises(SourceError) as caught:
        plan_columns(["id", "foto_1"], {"image": "foto"}, "feed.csv")
    assert "--map image=foto_1" in caught.value.hint


def test_unknown_and_doubled_fields():
    with pytest.raises(UnknownName, match="imagee"):
        check_mapping({"imagee": "x"})
    with pytest.raises(UsageError, match="twice"):
        check_mapping({"image": "x", "image_link": "y"})


def test_damaged_names_become_readable_attributes():
    plan = plan_columns(["id", "image", "gr\udcf6sse\0"], {}, "f")
    assert plan.attributes[2] == "gr\ufffdsse\ufffd"


def test_has_required():
    assert has_required(["sku", "image_url"], {})
    assert not has_required(["sku", "picture"], {})
    assert has_required(["sku", "picture"], {"image": "picture"})


def test_the_nearest_of_many_long_names_is_found_in_no_time():
    header = [f"x{number}{'imagelink' * 100}" for number in range(200)]  # compared as a whole, this takes seconds
    told = missing_columns(["image"], [*header[:3], "image_lnk", *header[3:]], "feed.csv")
    assert "--map image=image_lnk" in told.hint


def test_each_of_many_columns_of_one_name_is_kept():
    header = ["id", "image", *["c"] * 20_000, "c_2", "c_3"]  # counted anew for each, this would take minutes
    names = list(plan_columns(header, {}, "feed.csv").attributes.values())
    assert names[:3] == ["c", "c_2", "c_3"]
    assert len(set(names)) == 20_002
