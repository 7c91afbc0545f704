"""Parents and children, sizes that share pictures, and mains of the wrong colour."""

import csv

import cv2
import numpy as np
import pytest

ROWS = (
    ("sku", "title", "parent_sku", "color_name", "image", "category"),
    ("shirt", "Shirt", "", "", "red.png", "Shirts"),
    ("shirt-red-s", "Shirt", "shirt", "Red", "red.png", "Shirts"),
    ("shirt-red-m", "Shirt", "shirt", "Red", "red.png", "Shirts"),
    ("shirt-blue-s", "Shirt", "shirt", "Blue", "blue.png", "Shirts"),
    ("shirt-green-s", "Shirt", "shirt", "Green", "blue.png", "Shirts"),
    ("vase", "Vase", "", "", "blue.png", "Vases"),
)
POLICY = """
title = "Variants"
[[rules]]
check = "shared_picture"
on_fail = "review"
[[rules]]
id = "every_variant_its_own"
check = "shared_picture"
roles = ["main"]
params = { max_other_products = 9, variants_may_share = false }
on_fail = "fix"
[[rules]]
id = "wrong_variant"
check = "wrong_colour"
roles = ["main"]
on_fail = "review"
"""


def coloured(rgb):
    picture = np.full((800, 800, 3), 255, np.uint8)
    cv2.circle(picture, (400, 400), 320, rgb[::-1], -1, cv2.LINE_AA)
    return cv2.imencode(".png", picture)[1].tobytes()


@pytest.fixture
def variants(shop):
    shop.put("red.png", coloured((200, 20, 30)))
    shop.put("blue.png", coloured((20, 40, 190)))
    with shop.feed.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(ROWS)
    policy = shop.folder / "variants.toml"
    policy.write_text(POLICY, encoding="utf-8")
    shop.run(policy=str(policy))
    return shop


def objected(shop, rule):
    return set(shop.table("findings").filter(rule=rule)["listing_id"])


def test_variants_share_what_a_channel_lets_them_and_show_their_colour(variants):
    groups = dict(variants.table("listings").select("listing_id", "variant_group_id").rows())
    assert groups["shirt-red-s"] == "shirt"
    of_shirt_and_vase = {"shirt-blue-s", "shirt-green-s", "vase"}
    assert objected(variants, "shared_picture") == of_shirt_and_vase, "the parent is of its children's group"
    of_one_group = {"shirt", "shirt-red-s", "shirt-red-m", "shirt-blue-s", "shirt-green-s"}
    assert objected(variants, "every_variant_its_own") == of_one_group
    assert objected(variants, "wrong_variant") == {"shirt-green-s"}
    (told,) = variants.table("findings").filter(rule="every_variant_its_own", listing_id="shirt-red-s").rows(named=True)
    assert told["measured"] == "0 other products show it, and 2 other variants of this one"
    assert told["expected"] == "at most 9 other products with this picture, and none of its variants"
