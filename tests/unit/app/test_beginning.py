import json
import tomllib
from dataclasses import replace

import pytest

from packshot.app.beginning import Answers, look
from packshot.app.workspace_file import load, parsed
from packshot.app.workspace_file_text import relative, written
from packshot.collect import feed_head
from packshot.collect.opening import open_source
from packshot.collect.web.settings import WebSettings
from packshot.core.errors import SourceError, UsageError
from packshot.core.listing import Placement

CDN = "https://cdn.example/p"


def ean(number):
    digits = f"40{number:010d}"
    weighed = sum(int(d) * (3 if at % 2 == 0 else 1) for at, d in enumerate(reversed(digits)))
    return digits + str((10 - weighed % 10) % 10)


def feed_of(header, *rows, number=24):
    """The header, and each row for n from 1 on, with what stands in braces filled in."""
    made = [row.format(n=n, n4=n // 4, ean=ean(n), CDN=CDN) for n in range(1, number + 1) for row in rows]
    return "".join(f"{line}\r\n" for line in (header, *made))


SHOPIFY = feed_of(
    "Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,"
    "Variant Grams,Variant Inventory Qty,Variant Price,Variant Barcode,Image Src,Image Position,Image Alt Text,"
    "Gift Card,SEO Title,Google Shopping / Google Product Category,Variant Image,Variant Weight Unit,Status",
    'mug-{n},Mug {n},"<p>Holds, and holds</p>",Acme,Home > Kitchen,Mugs,new,true,Colour,Red,M-{n}-R,300,4,12.90,{ean},'
    "{CDN}/mug-{n}-2.jpg?v=16{n},2,,false,,,,g,active",
    "mug-{n},,,,,,,,,Blue,M-{n}-B,300,4,12.90,,{CDN}/mug-{n}-1.jpg?v=16{n},1,,,,,,g,",
)
WOOCOMMERCE = feed_of(
    'ID,Type,SKU,"GTIN, UPC, EAN, or ISBN",Name,Published,Is featured?,Visibility in catalog,Short description,'
    "Tax status,In stock?,Stock,Weight (kg),Regular price,Categories,Tags,Images,"
    "Parent,Upsells,External URL,Position,Brands",
    '{n},simple,W-{n},{ean},Teapot {n},1,0,visible,"Short, and stout",taxable,1,5,0.8,24.00,"Kitchen > Pots, Sale",tea,'
    '"{CDN}/w{n}.jpg, {CDN}/w{n}-back.jpg",,,,0,Acme',
)
GOOGLE_TSV = feed_of(
    "id|title|description|link|image_link|additional_image_link|availability|price|brand|gtin|mpn|"
    "google_product_category|product_type|item_group_id|condition".replace("|", "\t"),
    "G{n}|Blue mug no. {n}|A mug, blue.|https://shop.example/p/{n}|{CDN}/{n}?w=900&fmt=jpg|{CDN}/{n}b.jpg,{CDN}/{n}c.jpg|"
    "in_stock|9.90 EUR|Acme|{ean}|MP{n}|2169|Kitchen > Mugs|GRP{n4}|new".replace("|", "\t"),
)
GOOGLE_XML = (
    '<?xml version="1.0"?><rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><title>Shop</title>'
    + feed_of(
        "",
        "<item><g:id>X{n}</g:id><g:title>Mug {n}</g:title><g:image_link>{CDN}/{n}.jpg</g:image_link>"
        "<g:additional_image_link>{CDN}/{n}b.jpg</g:additional_image_link></item>",
    )
    + "</channel></rss>"
)
GERMAN = feed_of(
    "Art.-Nr.;EAN;Bezeichnung;Langtext;Marke;Warengruppe;EK netto;UVP;Bilder;Produktlink;Farbe;Elternartikel",
    '10{n:03d};{ean};Schüssel „Fjørd“, Größe {n};"Schöne Schüssel; spülmaschinenfest";Müller & Söhne;Küche > Schüsseln;'
    "3,20;7,99;{CDN}/{n}_a.jpg|{CDN}/{n}_b.jpg|{CDN}/{n}_c.jpg;https://shop.example/{n}.html;weiß;EL-{n4}",
)
AMAZON_NAMES = (
    "feed_product_type|item_sku|brand_name|item_name|external_product_id|external_product_id_type|standard_price|quantity|"
    "main_image_url|other_image_url1|other_image_url2|other_image_url3|other_image_url4|other_image_url5|other_image_url6|"
    "other_image_url7|other_image_url8|swatch_image_url|parent_child|parent_sku|relationship_type|variation_theme"
)
AMAZON_LABELS = (
    "Product Type|Seller SKU|Brand Name|Product Name|Product ID|Product ID Type|Standard Price|Quantity|Main Image URL|"
    "Other Image URL1|Other Image URL2|Other Image URL3|Other Image URL4|Other Image URL5|Other Image URL6|"
    "Other Image URL7|Other Image URL8|Swatch Image URL|Parentage|Parent SKU|Relationship Type|Variation Theme"
)
AMAZON = feed_of(
    "\r\n".join(
        [
            "TemplateType=fptcustom|Version=2026.0412|TemplateSignature=S0lUQ0hFTg==" + "|" * 19,
            AMAZON_LABELS,
            AMAZON_NAMES,
        ]
    ).replace("|", "\t"),
    "kitchen|AMZ-{n}|Acme|Acme Mug, 350 ml, No. {n}|{ean}|EAN|12.99|7|{CDN}/{n}.MAIN.jpg|{CDN}/{n}.PT01.jpg|"
    "{CDN}/{n}.PT02.jpg|{CDN}/{n}.PT03.jpg|||||||child|PAR-{n4}|variation|color".replace("|", "\t"),
)
MARKETPLACE = "".join(
    json.dumps(
        {
            "seller_sku": f"S-{n}",
            "product": {
                "name": f"Linen shirt {n}",
                "brand": {"name": ["Acme", "Zeta"][n % 2]},
                "category_path": "Apparel > Shirts",
                "identifiers": {"ean": ean(n)},
                "description": "A shirt of linen, for summer and for the rest of the year",
            },
            "price": {"amount": 39.9, "currency": "EUR"},
            "media": {
                "images": [{"url": f"{CDN}/{n}/{side}", "type": "IMAGE"} for side in ("front", "back")],
                "videos": [],
            },
        }
    )
    + "\n"
    for n in range(1, 25)
)
FEEDS = {
    "products_export.csv": (SHOPIFY, "shopify", {}, {}, 2, f"{CDN}/mug-1-1.jpg?v=161"),
    "wc-product-export.csv": (WOOCOMMERCE, "woocommerce", {}, {}, 2, f"{CDN}/w1.jpg"),
    "merchant.tsv": (
        GOOGLE_TSV,
        "delimited",
        {
            "listing_id": "id",
            "image": "image_link",
            "additional_images": "additional_image_link",
            "title": "title",
            "brand": "brand",
            "gtin": "gtin",
            "category": "product_type",
            "google_category": "google_product_category",
            "variant_group_id": "item_group_id",
        },
        {"delimiter": "\t"},
        3,
        f"{CDN}/1?w=900&fmt=jpg",
    ),
    "merchant.xml": (GOOGLE_XML, "google_merchant", {}, {}, 2, f"{CDN}/1.jpg"),
    "artikel.csv": (
        GERMAN.encode("cp1252"),
        "delimited",
        {
            "listing_id": "Art.-Nr.",
            "image": "Bilder",
            "title": "Bezeichnung",
            "brand": "Marke",
            "gtin": "EAN",
            "category": "Warengruppe",
            "variant_group_id": "Elternartikel",
        },
        {"delimiter": ";", "encoding": "cp1252", "picture_separator": "|"},
        3,
        f"{CDN}/1_a.jpg",
    ),
    "offers.jsonl": (
        MARKETPLACE,
        "json_lines",
        {
            "listing_id": "seller_sku",
            "image": "media.images",
            "title": "product.name",
            "brand": "product.brand.name",
            "gtin": "product.identifiers.ean",
            "category": "product.category_path",
        },
        {},
        2,
        f"{CDN}/1/front",
    ),
    "flat_file.txt": (
        AMAZON,
        "delimited",
        {
            "listing_id": "item_sku",
            "image": "main_image_url",
            "additional_images": ",".join(f"other_image_url{n}" for n in range(1, 9)),
            "title": "item_name",
            "brand": "brand_name",
            "gtin": "external_product_id",
            "category": "feed_product_type",
            "variant_group_id": "parent_sku",
        },
        {"delimiter": "\t", "header_line": 3},
        4,
        f"{CDN}/1.MAIN.jpg",
    ),
}


def put(folder, name, content):
    feed = folder / name
    feed.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(feed)


def asked(found):
    return {question.field: question.choices for question in found.questions}


@pytest.mark.parametrize("name", FEEDS)
def test_feeds_of_every_shape_are_mapped_right(tmp_path, name):
    content, kind, mapping, form, pictures, first = FEEDS[name]
    found = look(put(tmp_path, name, content))
    assert found.questions == ()
    assert (found.kind, found.mapping, found.form.said()) == (kind, mapping, form)
    assert (found.shown[0].pictures, found.shown[0].first) == (pictures, first)
    assert found.troubles == ()


@pytest.mark.parametrize("name", FEEDS)
def test_what_is_written_is_read_as_it_was_shown(tmp_path, name):
    content, *_, pictures, first = FEEDS[name]
    found = look(put(tmp_path, name, content))
    file = tmp_path / "packshot.toml"
    file.write_text(written([found], tmp_path, "work", ["house"]), encoding="utf-8")
    (one,) = load(file).sources
    source = open_source(load(file).place(one.at), kind=one.kind, mapping=one.map, form=one.form)
    placements = [record for record in source.records() if isinstance(record, Placement)]
    of_first = [record for record in placements if record.listing_id == placements[0].listing_id]
    assert len(of_first) == pictures
    assert first in {record.source_uri for record in of_first if record.role.value == "main"}


def test_two_columns_of_pictures_are_asked_for(tmp_path):
    feed = put(tmp_path, "two.csv", feed_of("sku,name,photo,picture", "S{n},Mug {n},a{n}.jpg,b{n}.jpg"))
    found = look(feed)
    assert asked(found) == {"image": ("photo", "picture")}
    assert found.shown == ()
    further = look(feed, Answers({"image": "photo"}))
    assert asked(further) == {"additional_images": ("picture",)}
    assert asked(look(feed, Answers({"image": "photo", "additional_images": ""}))) == {}
    both = look(feed, Answers({"image": "photo", "additional_images": "picture"}))
    assert [both.shown[0].pictures, both.shown[0].first] == [2, "a1.jpg"]


@pytest.mark.parametrize(
    ("row", "questions", "taken"),
    [
        ("{n},S{n},{n}.jpg", {"listing_id": ("id", "sku")}, None),
        ("{ean},S{n},{n}.jpg", {}, "sku"),
        ("S{n},S{n},{n}.jpg", {}, "id"),
        (",S{n},{n}.jpg", {}, "sku"),
    ],
    ids=["both could be it", "one is a GTIN", "they say the same", "one is empty"],
)
def test_two_ids_are_asked_for_unless_one_says_less(tmp_path, row, questions, taken):
    found = look(put(tmp_path, "a.csv", feed_of("id,sku,image", row)))
    assert {name: one for name, one in asked(found).items() if name == "listing_id"} == questions
    assert found.mapping.get("listing_id") == taken


def test_names_that_values_contradict_are_not_believed(tmp_path):
    row = "S{n},https://x.example/{n},yes,{n},{n}.jpg"
    found = look(put(tmp_path, "a.csv", feed_of("sku,title,image,gtin,foto", row)))
    assert found.mapping == {"listing_id": "sku", "image": "foto"}


def test_small_copies_documents_and_pages_are_left_aside(tmp_path):
    header = "sku,base_image,small_image,thumbnail,swatch_image,brand_logo,energy_label,product_url,datenblatt"
    row = "S{n},{CDN}/a{n}.jpg,{CDN}/b{n}.jpg,{CDN}/c{n}.jpg,{CDN}/d{n}.jpg,e{n}.png,f{n}.png,{CDN}/{n},{n}.pdf"
    found = look(put(tmp_path, "a.csv", feed_of(header, row)))
    assert (found.mapping, found.questions) == ({"listing_id": "sku", "image": "base_image"}, ())
    assert all(name in "".join(found.notes) for name in ("small_image", "thumbnail", "swatch", "logo", "energy"))


def test_names_that_are_no_text_stand_in_no_file(tmp_path):
    names = "sku,image,gr\u00fc\u00df,".encode() + b"bad\xff," + "\x9b31m\u202e".encode()
    rows = feed_of("", "S{n},{n}.jpg,x,y,").encode()
    found = look(put(tmp_path, "a.csv", names + rows))
    assert found.mapping == {"listing_id": "sku", "image": "image"}
    text = written([found], tmp_path, "work", ["house"])
    assert "\x9b" not in text
    assert parsed(tomllib.loads(text.encode().decode()), tmp_path)[1] == []


def test_lists_in_brackets_are_lists(tmp_path):
    row = 'S{n},"[""{CDN}/{n}a.jpg"", ""{CDN}/{n},b.jpg""]"'
    found = look(put(tmp_path, "a.csv", feed_of("sku,images", row)))
    assert (found.mapping["image"], found.shown[0].pictures, found.shown[0].first) == ("images", 2, f"{CDN}/1a.jpg")


def test_pictures_that_lie_elsewhere_are_told(tmp_path):
    feed = put(tmp_path, "a.csv", feed_of("sku,image", "S{n},{n}.jpg"))
    assert any("none of the first 8 pictures is there" in note for note in look(feed).notes)
    put(tmp_path, "1.jpg", b"")
    assert look(feed).notes == ()


def test_only_the_beginning_of_a_large_feed_is_read(tmp_path):
    feed = tmp_path / "large.csv"
    lines = b"".join(b"S%d,Mug no %d,%d.jpg\n" % (n, n, n) for n in range(feed_head.MOST_BYTES // 16))
    with feed.open("wb") as file:
        file.write(b"sku,title,image\n" + lines)
        file.truncate(2 * 1024**3)
    found = look(str(feed))
    assert found.mapping == {"listing_id": "sku", "image": "image", "title": "title"}
    assert not found.whole


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", b"", "no feed that can be read"),
        ("b.csv", bytes(range(256)) * 40, "no feed that can be read"),
        ("b.dat", b"\x17|~\x12\xb9iY!\n\x11,\xf8RM\x13\n" * 40, "no feed that can be read|no text"),
        ("c.csv", b"sku,image\n", "no rows"),
        ("d.csv", feed_of("A0;Mug 0;https://x.example/0.jpg", "A{n};Mug {n};{CDN}/{n}.jpg"), "no line of column names"),
        ("e.json", b'[{"id": 1, "image": "a.jpg"}]', "one JSON list"),
        ("f.jsonl", b'{"id": 1\n{"id": 2\n', "holds no records"),
    ],
)
def test_what_is_no_feed_is_told(tmp_path, name, content, says):
    with pytest.raises(SourceError, match=says):
        look(put(tmp_path, name, content))


def test_odd_feeds_are_read_or_asked_about(tmp_path):
    assert asked(look(put(tmp_path, "one.csv", feed_of("sku", "S{n}")))) == {"image": ()}
    twice = look(put(tmp_path, "twice.csv", feed_of("sku,Bild,Bild", "S{n},a{n}.jpg,b{n}.jpg")))
    assert (twice.mapping["image"], twice.shown[0].pictures) == ("Bild", 2)
    broken = look(put(tmp_path, "open.csv", feed_of('sku,name,image\r\n0,"open,a.jpg', "{n},Mug {n},{n}.jpg")))
    assert broken.mapping["image"] == "image"
    assert len(broken.troubles) == 1


def test_answers_that_do_not_fit_are_told(tmp_path):
    feed = put(tmp_path, "artikel.csv", GERMAN.encode("cp1252"))
    with pytest.raises(UsageError, match="no column 'Bildr'"):
        look(feed, Answers({"image": "Bildr"}))
    with pytest.raises(UsageError, match="no field called 'imag'"):
        look(feed, Answers({"imag": "Bilder"}))


def test_a_folder_is_its_feed_or_asked_about(tmp_path):
    (tmp_path / "shop").mkdir()
    put(tmp_path / "shop", "artikel.csv", GERMAN.encode("cp1252"))
    found = look(str(tmp_path / "shop"))
    assert (found.at, found.kind) == (str(tmp_path / "shop" / "artikel.csv"), "delimited")
    assert "artikel.csv" in look(str(tmp_path)).questions[0].asks
    for listing in ("a", "b"):
        (tmp_path / "pictures" / listing).mkdir(parents=True)
        for side in "12":
            put(tmp_path / "pictures" / listing, f"{side}.jpg", b"")
    assert asked(look(str(tmp_path / "pictures"))) == {"group_by": ("folder", "file")}
    assert look(str(tmp_path / "pictures"), Answers(group_by="folder")).listings == 2


def test_questions_stand_in_the_file_as_comments(tmp_path):
    feed = put(tmp_path, "two.csv", feed_of('sku,"x\n[y]",photo,picture', "S{n},1,a{n}.jpg,b{n}.jpg"))
    text = written([look(feed)], tmp_path, "work", ["house"])
    assert "# QUESTION: Which column holds the main picture? (--map image=photo)" in text
    values, mistakes = parsed(tomllib.loads(text), tmp_path)
    assert mistakes == []
    assert values["sources"][0].map == {"listing_id": "sku"}


def test_secrets_of_addresses_stand_in_no_file(tmp_path):
    found = replace(look(put(tmp_path, "merchant.xml", GOOGLE_XML)), at="https://shop.example/feed.xml", secret=True)
    text = written([found], tmp_path, "work", ["house"])
    assert 'at = "${PACKSHOT_FEED}"' in text
    assert "export PACKSHOT_FEED=" in text


def test_how_the_web_was_asked_stands_in_the_file(tmp_path):
    web = WebSettings(allow_networks=("10.0.0.0/8",), ports=(80, 443, 8080))
    found = look(put(tmp_path, "merchant.xml", GOOGLE_XML))
    values, mistakes = parsed(tomllib.loads(written([found], tmp_path, "work", ["house"], web)), tmp_path)
    assert (values["web"], mistakes) == ({"allow_networks": ("10.0.0.0/8",), "allow_ports": (8080,)}, [])


def test_paths_are_relative_to_the_file_where_they_lie_below_it_or_were_given_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert relative("feeds/a.csv", tmp_path) == "feeds/a.csv"
    assert relative(str(tmp_path / "a.csv"), tmp_path) == "a.csv"
    assert relative("../a.csv", tmp_path) == "../a.csv"
    assert relative("/elsewhere/a.csv", tmp_path) == "/elsewhere/a.csv"
    assert relative("https://x.example/a.csv", tmp_path) == "https://x.example/a.csv"


def test_a_column_of_roles_is_left_out_where_that_is_said(tmp_path):
    path = tmp_path / "feed.csv"
    path.write_text(feed_of("sku,image,role", "S{n},a{n}.jpg,odd"), encoding="utf-8")
    assert any(note.endswith("--map role=-") for note in look(str(path)).notes)
    found = look(str(path), Answers({"role": ""}))
    assert (found.mapping["role"], [note for note in found.notes if "role" in note]) == ("-", [])
