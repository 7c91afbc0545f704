import polars as pl
import pytest

from packshot.evaluate.context import CONTEXT, add_context, extension, is_worn, listing_context, names_one_of

NO_MATCHES = pl.DataFrame(schema={"asset_a": pl.String, "asset_b": pl.String, "kind": pl.String})


def placements(*rows):
    columns = ("listing_id", "asset_id", "role", "position")
    made = [dict(zip(columns, row[:4], strict=True)) | (row[4] if len(row) > 4 else {}) for row in rows]
    named = [{"placement_id": str(n), "source_uri": f"{n}.jpg", **row} for n, row in enumerate(made)]
    schema = {"placement_id": pl.String, "listing_id": pl.String, "asset_id": pl.String, "source_uri": pl.String}
    return pl.DataFrame(named, schema_overrides=schema, infer_schema_length=None)


def pairs(*rows):
    return pl.DataFrame(rows, schema=NO_MATCHES.schema, orient="row")


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("a/b.jpg", "jpeg"),
        ("a/B.JPEG", "jpeg"),
        ("https://h.example/p.webp?sig=a.png", "webp"),
        ("p.png#top", "png"),
        ("scan.TIF", "tiff"),
        ("name\nwith newline.heif", "heic"),
        ("folder.png/file", None),
        ("no extension", None),
        ("page.html", None),
        ("", None),
        (None, None),
    ],
)
def test_extension(uri, expected):
    frame = pl.DataFrame({"source_uri": [uri]}, schema={"source_uri": pl.String})
    assert frame.select(extension()).item() == expected
    rows = placements(*[("L", "a", "main", n, {"source_uri": one}) for n, one in enumerate((uri, "other.gif", uri))])
    assert add_context(rows)["uri_extension"].to_list() == [expected, "gif", expected]


@pytest.mark.parametrize(
    ("text", "word", "found"),
    [
        ("Men > Shirts", "shirt", True),
        ("dresses", "dress", True),
        ("T-Shirts/Men", "t-shirt", True),
        ("Sweatshirts", "shirt", False),
        ("Sweatshirts", "*shirt", True),
        ("Damenbekleidung", "*kleidung", True),
        ("Laptops", "top", False),
        ("子供服 セール", "服", True),
        ("a.b", "a.b", True),
        ("axb", "a.b", False),
        ("shirt hanger", "shirt*", True),
        ("swim and beach wear", "swim*wear", False),
        ("swimmingwear", "swim*wear", True),
    ],
)
def test_words_of_categories(text, word, found):
    assert pl.DataFrame({"t": [text]}).select(names_one_of(pl.col("t"), (word,))).item() is found


def test_a_category_tells_what_is_worn_and_a_title_can_only_add_to_it():
    frame = pl.DataFrame(
        {
            "category": ["Men/Tops/Jackets", "Milk", "merch", None, None],
            "title": [None, "Oat drink", "Logo T-shirt", "Blue hoodie", "Red thing"],
        }
    )
    assert is_worn(frame).to_list() == [True, False, True, True, None]
    assert is_worn(frame.drop("title")).to_list() == [True, False, False, None, None]


def test_galleries_count_readable_pictures():
    frame = placements(
        ("L", "a", "main", 0),
        ("L", None, "main", 1),
        ("L", "b", "secondary", 2, {"has_trouble": True}),
        ("M", "c", "detail", 0),
    )
    told = add_context(frame, NO_MATCHES)
    assert told["gallery_pictures"].to_list() == [1, 1, 1, 1]
    assert told["gallery_mains"].to_list() == [1, 1, 1, 0]
    listings = listing_context(pl.DataFrame({"listing_id": ["M", "none", "L"]}), told)
    assert listings.rows() == [("M", 1, 0), ("none", 0, 0), ("L", 1, 1)]


def test_a_repeat_points_to_the_first_and_the_main_is_always_first():
    frame = placements(
        ("L", "a", "secondary", 0),
        ("L", "b", "main", 5),
        ("L", "a", "detail", 6),
        ("L", "c", "secondary", 7),
        ("M", "c", "main", 0),
    )
    told = add_context(frame, pairs(("a", "b", "same"), ("c", "c", "exact")))
    assert told["repeats_uri"].to_list() == ["1.jpg", None, "1.jpg", None, None]
    assert told["repeats_earlier"].to_list() == [True, False, True, False, False]


def test_colour_variants_repeat_nothing():
    frame = placements(
        ("L", "a", "main", 0), ("L", "b", "secondary", 1), ("M", "b", "main", 0, {"variant_group_id": "g"})
    )
    told = add_context(frame, pairs(("a", "b", "variant")))
    assert not told["repeats_earlier"].any()


def test_other_products_count_variant_groups_once():
    group = {"variant_group_id": "g"}
    frame = placements(
        ("L1", "a", "main", 0, group),
        ("L2", "a", "main", 0, group),
        ("L3", "b", "main", 0),
        ("L4", "c", "main", 0),
        ("L5", None, "main", 0),
    )
    alone = add_context(frame, NO_MATCHES)
    assert alone["other_products"].to_list() == [0, 0, 0, 0, 0]
    told = add_context(frame, pairs(("a", "b", "same")))
    assert told["other_products"].to_list() == [1, 1, 1, 0, 0]


def test_other_variants_count_listings_of_the_group_that_show_the_picture():
    group = {"variant_group_id": "g"}
    frame = placements(
        ("L1", "a", "main", 0, group),
        ("L1", "a", "detail", 1, group),
        ("L2", "a", "main", 0, group),
        ("L3", "b", "main", 0, group),
        ("L4", "b", "main", 0, {"variant_group_id": "h"}),
        ("L5", "b", "main", 0),
        ("L6", "c", "main", 0, group),
    )
    assert add_context(frame, NO_MATCHES)["other_variants"].to_list() == [1, 1, 1, 0, 0, 0, 0]
    told = add_context(frame, pairs(("a", "b", "same")))
    assert told["other_variants"].to_list() == [2, 2, 2, 2, 0, 0, 0]
    assert add_context(frame.drop("variant_group_id"))["other_variants"].sum() == 0


def test_rows_keep_their_order_and_every_column_is_there():
    frame = placements(*[(f"L{n % 3}", f"a{n % 4}", "main", n) for n in range(20)])
    told = add_context(frame)
    assert told["placement_id"].to_list() == frame["placement_id"].to_list()
    assert set(CONTEXT) <= set(told.columns)
    assert add_context(frame.clear()).height == 0


def test_pictures_of_a_listing_that_do_not_stand_together_are_counted_together():
    frame = placements(*[(f"L{n % 2}", f"a{n}", "main" if n < 2 else "detail", n) for n in range(5)])
    told = add_context(frame)
    assert told["gallery_pictures"].to_list() == [3, 2, 3, 2, 3]
    assert told["gallery_mains"].to_list() == [1, 1, 1, 1, 1]
    listings = listing_context(pl.DataFrame({"listing_id": ["L1", "L0"]}), told)
    assert listings["gallery_pictures"].to_list() == [2, 3]
