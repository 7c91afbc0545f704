import pytest

from packshot.collect.opening import open_source
from packshot.collect.sources.shopify import Shopify
from packshot.collect.sources.woocommerce import Woocommerce
from packshot.core.listing import Listing, Placement, Role


@pytest.fixture
def read(tmp_path):
    """The listings by id, and the roles of all pictures by listing, of a text or of a source's first example."""

    def give(given):
        path = tmp_path / "export.csv"
        path.write_bytes(given.encode() if isinstance(given, str) else next(iter(given.examples[0].files.values())))
        records = list(open_source(path).records())
        roles = {}
        for one in records:
            if isinstance(one, Placement):
                roles.setdefault(one.listing_id, []).append((one.position, one.role))
        return {one.listing_id: one for one in records if isinstance(one, Listing)}, roles

    return give


def test_woocommerce_variations_share_the_group_of_their_parent(read):
    listings, roles = read(Woocommerce)
    groups = {id_: one.variant_group_id for id_, one in listings.items()}
    assert groups == {"TEE": "TEE", "TEE-R": "TEE", "id:9": None, "CARD": None}
    assert listings["TEE"].category == "Clothing > Tees"
    assert roles["TEE"] == [(0, Role.MAIN), (1, Role.SECONDARY)]


def test_shopify_products_keep_the_words_of_their_first_row(read):
    listings, roles = read(Shopify)
    mug, rug = listings["mug"], listings["rug"]
    assert (mug.title, mug.brand, mug.category, mug.gtin) == ("Mug", "Acme", "Kitchen", None)
    assert rug.gtin == "4003", "with one variant, its barcode is the product's"
    assert sorted(roles["mug"]) == [(0, Role.MAIN), *((place, Role.SECONDARY) for place in (1, 2, 3))]


def test_the_newer_form_of_shopifys_export(read):
    header = (
        "Title,URL handle,Vendor,Product category,Published on online store,Option1 name,SKU,Barcode,"
        "Product image URL,Image position,Variant image URL\n"
    )
    listings, roles = read(header + "Mug,mug,Acme,Home > Mugs,TRUE,Title,M-1,4001,https://c.example/m.jpg,1,\n")
    mug = listings["mug"]
    assert (mug.title, mug.brand, mug.category, mug.gtin) == ("Mug", "Acme", "Home > Mugs", "4001")
    assert roles == {"mug": [(0, Role.MAIN)]}
