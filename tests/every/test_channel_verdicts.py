"""500 listings with one planted fault each, as measured, and what every policy that ships must say of each: by hand."""

from dataclasses import dataclass, field
from datetime import date

import polars as pl
import pytest

from packshot.app.policies import bound_policy
from packshot.evaluate.context import add_context
from packshot.evaluate.judge import judge
from packshot.evaluate.judge_one import TYPES
from packshot.evaluate.related import RELATED
from packshot.evaluate.suite import known_measures
from packshot.policies.load import names

POLICIES = ("amazon", "google", "ebay", "walmart", "etsy", "shopify", "zalando_like", "house")
WORDS = {"-": "show", "F": "fix", "R": "review", "B": "block"}
ORDER = "-FRB"
TODAY, LATER = date(2026, 12, 1), date(2027, 2, 1)
MEGABYTE = 1_000_000

CLEAN = {
    "width_px": 2200, "height_px": 2200, "format": "jpeg", "bytes": 900_000, "frames": 1, "has_alpha": False,
    "icc_kind": "srgb", "decode_intact": True, "jpeg_quality": 95, "blockiness": 0.02, "information": 0.6,
    "sharpness": 0.8, "effective_resolution_share": 0.95, "noise_sigma": 1.0, "contrast": 0.2, "brightness": 0.7,
    "luma_p05": 0.3, "luma_p99": 1.0, "clipped_light_share": 0.02, "clipped_channel_share": 0.1, "colour_cast": 0.4,
    "is_grayscale": False, "border_px": 0, "background_uniformity": 0.98, "background_white_share": 1.0,
    "background_rgb": [255, 255, 255], "product_fill_share": 0.9, "product_area_share": 0.5, "product_confidence": 0.9,
    "product_centering": 0.97, "cut_off_edges": [], "skin_share": 0.0, "person_probability": 0.01, "face_boxes": [],
    "nudity_probability": 0.01, "overlay_text_confidence": 0.0, "overlay_text_words": [], "overlay_text_share": 0.0,
    "overlay_plain_share": None, "promotional_words": [], "promotional_confidence": 0.0, "contact_texts": [],
    "contact_confidence": 0.0, "code_links": [], "digital_source_type": None, "ai_generator": None, "has_gps": False,
    "c2pa_present": False, "c2pa_state": None, "c2pa_faults": None, "c2pa_source_types": None,
    "product_colours_confidence": 0.9, "category_top": "thing", "title_agreement": 0.9, "colour_agreement": 1.0,
    "upscaled_probability": 0.02, "halo_share": 0.0,
    "overlay_probability": 0.02, "overlay_boxes": [], "watermark_probability": 0.02,
    "watermark_boxes": [], "collage_probability": 0.02, "orientation_degrees": 0, "orientation_confidence": 0.9,
}  # fmt: skip
"""A square packshot on white that every channel but one takes: fashion platforms want it upright."""

KINDS = {
    "mug": (("Kitchen & Dining > Mugs", "Home/Mugs"), {}, "------F-"),
    "shirt": (("Apparel & Accessories > Clothing > Shirts", "Men/Shirts"), {"person_probability": 0.95}, "------F-"),
    "swim": (("google: 5409", "Kids > Swimwear"), {}, "------F-"),
    "shoe": (("google: 187", "Women / Boots"), {}, "--------"),
    "ring": (("Apparel & Accessories > Jewelry > Rings", "Jewellery"), {}, "------F-"),
}
"""What is sold: its category, written in two ways; what differs on a clean picture; what each policy says of that."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A planted fault, and what it makes of a picture by each policy, in the order of `POLICIES`."""

    changes: dict
    says: str
    check: tuple[str, ...] = ()
    """Checks of which one objects wherever a policy does."""
    of: dict = field(default_factory=dict)
    """Kind of thing → where that is judged otherwise; a dot is as in `says`."""
    role: str = "main"
    square: bool = True
    """Whether the picture is still square: else what is said of the clean one does not hold."""
    later: str = ""
    """What Google says from 2027-01-31 on, where that is another thing."""


def sized(width, height):
    return {"width_px": width, "height_px": height}


def written(words, plain, **more):
    return {"overlay_text_confidence": 0.95, "overlay_text_words": [words], "overlay_plain_share": plain} | more


PIXELS, MOST = ("too_few_pixels",), ("too_many_pixels", "wrong_aspect")
PROMO = written("SALE", 1.0, promotional_words=["sale"], promotional_confidence=0.95)
CONTACT = written("www.example.com", 1.0, contact_texts=["www.example.com"], contact_confidence=0.95)
WORN = dict.fromkeys(("shirt", "swim", "shoe", "ring"), ".B......")
FASHION = dict.fromkeys(("shirt", "swim", "shoe"), "...-....")

FAULTS = {
    "clean": Fault({}, "--------"),
    "an icon": Fault(sized(90, 90), "BBB-F-BR", PIXELS),
    "a small picture": Fault(sized(200, 200), "B-B-F-B-", PIXELS, WORN, later="B"),
    "below 500": Fault(sized(400, 400), "B-B-F-B-", PIXELS, later="B"),
    "below 635": Fault(sized(600, 600), "----F-B-", PIXELS),
    "low and wide": Fault(sized(700, 400), "---F--B-", (*PIXELS, *MOST), FASHION, square=False, later="B"),
    "a banner": Fault(sized(12_000, 1500), "F-FF-FFF", MOST, FASHION | {"shoe": "...-..-."}, square=False),
    "66 megapixels": Fault(sized(8100, 8100), "-F---F--", MOST),
    "upright": Fault(
        sized(1801, 2600), "---F----", MOST, {"shirt": "F..-....", "swim": "F..-....", "shoe": "...-...."}, square=False
    ),
    "webp": Fault({"format": "webp"}, "F--FF-F-", ("unaccepted_format",)),
    "gif": Fault({"format": "gif"}, "---F--F-", ("unaccepted_format",)),
    "tiff": Fault({"format": "tiff"}, "---FFFF-", ("unaccepted_format",)),
    "bmp": Fault({"format": "bmp"}, "F---FFF-", ("unaccepted_format",)),
    "heic": Fault({"format": "heic"}, "FF-FF-F-", ("unaccepted_format",)),
    "an animation": Fault({"format": "gif", "frames": 12}, "F-FF--FF", ("animated", "unaccepted_format")),
    "a transparent png": Fault({"format": "png", "has_alpha": True}, "------F-", ("unaccepted_format",)),
    "a wrong name": Fault({"source_uri": "picture.png"}, "-F-----F", ("wrong_extension",)),
    "6 MB": Fault({"bytes": 6 * MEGABYTE}, "---F----", ("file_too_large",)),
    "11 MB": Fault({"bytes": 11 * MEGABYTE}, "F--FF--F", ("file_too_large",)),
    "17 MB": Fault({"bytes": 17 * MEGABYTE}, "FFFFF--F", ("file_too_large",)),
    "21 MB": Fault({"bytes": 21 * MEGABYTE}, "FFFFF-FF", ("file_too_large",)),
    "cmyk": Fault({"icc_kind": "cmyk"}, "---F----", ("unusual_colour_profile",)),
    "damaged": Fault({"decode_intact": False}, "-------R", ("damaged_file",)),
    "off-white": Fault({"background_white_share": 0.3}, "F--F---F", ("background_not_white",)),
    "lost in the frame": Fault({"product_fill_share": 0.5}, "F------F", ("product_too_small",)),
    "cut off": Fault({"cut_off_edges": ["bottom"]}, "R------R", ("product_cut_off",)),
    "a frame": Fault({"border_px": 14}, "FFF----F", ("bordered",)),
    "blurred": Fault({"sharpness": 0.1}, "R-----RR", ("blurry",)),
    "scaled up": Fault({"effective_resolution_share": 0.2, "upscaled_probability": 0.95}, "RR-----R", ("enlarged",)),
    "blocks": Fault({"jpeg_quality": 20, "blockiness": 0.5}, "R------R", ("overcompressed",)),
    "blank": Fault({"information": 0.02}, "BRBB---B", ("blank_picture",)),
    "text beside it": Fault(written("NEW", 1.0), "F-F----F", ("text_over_picture",)),
    "text across it": Fault(written("NEW", 0.1), "R-R----F", ("text_over_picture",)),
    "a sale": Fault(PROMO, "RRR----F", ("promotional_text",)),
    "an address": Fault(CONTACT, "R-F----R", ("url_or_contact", "text_over_picture")),
    "nudity": Fault({"nudity_probability": 0.97}, "BR-B---B", ("nudity_shown",)),
    "perhaps nudity": Fault({"nudity_probability": 0.7}, "RR-R---R", ("nudity_shown",)),
    "made by a machine": Fault({"ai_generator": "ComfyUI"}, "-F------", ("undisclosed_ai",)),
    "another colour": Fault({"colour_agreement": 0.0}, "R------R", ("wrong_colour",)),
    "somebody": Fault(
        {"person_probability": 0.97},
        "R-------",
        ("person_in_picture",),
        {"swim": "......R.", **dict.fromkeys(("shirt", "shoe", "ring"), "-.......")},
    ),
    "nobody": Fault({"person_probability": 0.02}, "--------", ("model_missing",), {"shirt": "R......."}),
    "not measured": Fault({"measured:sharpness": False}, "R-----RR", ("blurry",)),
    "not to be had": Fault({"asset_id": None}, "RRRRRRRR"),
    "a small detail": Fault(sized(300, 300), "F-B---B-", PIXELS, role="secondary"),
    "a tiny swatch": Fault(sized(80, 80), "F-BF--BR", PIXELS, role="swatch"),
    "a blurred back": Fault({"sharpness": 0.1}, "R-----RR", ("blurry",), role="secondary"),
    "nudity behind": Fault({"nudity_probability": 0.97}, "BR-B---B", ("nudity_shown",), role="secondary"),
    "text behind": Fault(written("NEW", 1.0), "--F-----", ("text_over_picture",), role="secondary"),
    "a sale behind": Fault(PROMO, "R-R-----", ("promotional_text",), role="secondary"),
    "a scene behind": Fault({"background_white_share": 0.0}, "--------", role="lifestyle"),
}


def worst(*letters):
    return WORDS[max(letters, key=ORDER.index)]


def expected(fault, kind, policy, day):
    """What is written by hand above, put together: the graver of what holds of the thing and of the fault."""
    place = POLICIES.index(policy)
    one, clean = FAULTS[fault], KINDS[kind][2][place]
    says = one.of.get(kind, "........")[place].replace(".", one.says[place])
    if policy == "google" and day >= LATER and one.later:
        says = one.later
    return worst(says, clean if one.square else "-")


def placements():
    """500 listings with a main and another picture each; the fault is planted on one of the two."""
    rows = []
    for fault, planted in FAULTS.items():
        for kind, (categories, usual, _) in KINDS.items():
            for category in categories:
                listing = {"listing_id": f"{fault}, {kind}, {category}", "title": None, "category": category}
                other = planted.role if planted.role != "main" else "secondary"
                for position, role in enumerate(("main", other)):
                    hit = role == planted.role
                    number = f"{len(rows)}"
                    facts = CLEAN | usual | {"measured:sharpness": True} | (planted.changes if hit else {})
                    named = {"placement_id": number, "asset_id": number, "source_uri": f"{number}.{facts['format']}"}
                    placed = {"role": role, "position": position, "fault": fault if hit else "clean", "kind": kind}
                    rows.append(named | listing | placed | facts)
    return rows


@pytest.fixture(scope="module")
def facts():
    outputs = {output.name: output for measure in known_measures().values() for output in measure.outputs} | RELATED
    types = {name: TYPES[outputs[name].kind] for name in CLEAN}
    texts = dict.fromkeys(("asset_id", "title", "category", "source_uri"), pl.String)
    frame = pl.DataFrame(placements(), schema_overrides=types | texts, infer_schema_length=None)
    frame = frame.with_columns((pl.col("width_px") / pl.col("height_px")).cast(pl.Float32).alias("aspect_ratio"))
    return add_context(frame)


def test_the_cases_are_whole(facts):
    assert facts["listing_id"].n_unique() == 500
    assert set(POLICIES) == set(names())
    read = {name for policy in POLICIES for rule in bound_policy(policy).rules for name in rule.needs}
    assert set(CLEAN) <= read, "a column that no rule reads says nothing here"


@pytest.mark.parametrize("day", [TODAY, LATER], ids=str)
@pytest.mark.parametrize("policy", POLICIES)
def test_every_verdict_is_the_one_written_by_hand(facts, policy, day):
    told = judge(
        facts,
        bound_policy(policy),
        rules_as_of=day,
        assessable=frozenset({*CLEAN, "aspect_ratio"}),
        has={"sharpness": "measured:sharpness"},
    )
    rows = facts.select("placement_id", "fault", "kind").join(told.verdicts, on="placement_id")
    wrong = [
        (row["fault"], row["kind"], row["verdict"], wanted)
        for row in rows.rows(named=True)
        if row["verdict"] != (wanted := expected(row["fault"], row["kind"], policy, day))
    ]
    assert wrong == []
    objections = told.findings.filter(pl.col("status").is_in(["fail", "unsure", "unmeasured"]))
    checks = dict(objections.group_by("placement_id").agg("check").iter_rows())
    place = POLICIES.index(policy)
    unfounded = [
        (row["fault"], row["kind"])
        for row in rows.rows(named=True)
        if (planted := FAULTS[row["fault"]]).check
        and planted.of.get(row["kind"], "........")[place].replace(".", planted.says[place]) != "-"
        and not set(planted.check) & set(checks.get(row["placement_id"], ()))
    ]
    assert unfounded == [], "the check that finds the planted fault is among those that object"
