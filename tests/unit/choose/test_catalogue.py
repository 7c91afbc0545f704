import re

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from packshot.choose import catalogue
from packshot.choose.catalogue import SCHEMA, choose
from packshot.core.listing import Role
from packshot.policies.policy import GalleryRules
from packshot.storage.schemas import GALLERIES

RULES = GalleryRules(max_pictures=5, wanted_pictures=2)
KINDS = {
    "asset_id": pl.String,
    "position": pl.Int32,
    "verdict_as_main": pl.String,
    "verdict_as_secondary": pl.String,
    "cluster_id": pl.String,
    "keep": pl.Boolean,
    "main_faults": pl.List(pl.String),
    "secondary_faults": pl.List(pl.String),
    "sharpness": pl.Float32,
    "pdq": pl.Binary,
    "lab16": pl.Binary,
    "width_px": pl.Int32,
    "height_px": pl.Int32,
}


def picture(name, **changes):
    given = {
        "listing_id": "L1",
        "placement_id": f"p-{name}",
        "asset_id": f"a-{name}",
        "source_uri": f"{name}.jpg",
        "role": "secondary",
        "position": 0,
        "verdict_as_main": "show",
        "verdict_as_secondary": "show",
    }
    return given | changes


def table(*rows):
    names = {name for row in rows for name in row}
    return pl.DataFrame(
        list(rows), schema_overrides={k: v for k, v in KINDS.items() if k in names}, infer_schema_length=None
    )


def chosen(*rows, rules=RULES):
    """{(slot, source_uri or role): reason} in the order of the table."""
    found = choose(table(*rows), rules)
    return {(row["slot"], row["source_uri"] or row["role"]): row["reason"] for row in found.iter_rows(named=True)}


def test_the_better_picture_is_main_with_its_numbers():
    found = chosen(
        picture("soft", background_white_share=0.2, sharpness=0.3),
        picture("crisp", background_white_share=0.99, sharpness=0.8),
    )
    assert list(found) == [("main", "crisp.jpg"), ("1", "soft.jpg")]
    reason = found["main", "crisp.jpg"]
    assert re.fullmatch(
        r"on white, sharper than the other; best of 2 that may be main: quality 0\.\d\d, soft\.jpg has 0\.\d\d", reason
    )


def test_the_main_slot_is_empty_where_none_is_legal_and_the_best_candidate_is_named():
    found = chosen(
        picture("bad", verdict_as_main="review", sharpness=0.9),
        picture("near", verdict_as_main="fix", main_faults=["The background is not white.", "Too small in the frame."]),
        picture("swatch", role="swatch"),
    )
    assert next(iter(found)) == ("main", "main")
    assert found["main", "main"] == (
        "no picture may be main; the best candidate is near.jpg"
        " (fix: The background is not white.; Too small in the frame.)"
    )
    assert [slot for slot, _ in found] == ["main", "1", "2", "3"]
    assert ("3", "swatch.jpg") in found


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("fix", "has to be mended first: Too dark."),
        ("review", "a person has to look first: Too dark."),
        ("block", "customers must not see it: Too dark."),
        (None, "it was not judged: Too dark."),
    ],
)
def test_what_may_not_be_shown_is_rejected_with_its_faults(verdict, words):
    bad = picture("bad", verdict_as_main=verdict, verdict_as_secondary=verdict, secondary_faults=["Too dark."])
    assert chosen(bad, picture("good"))["rejected", "bad.jpg"] == words


def test_a_picture_that_could_not_be_read_is_rejected():
    broken = picture("broken", asset_id=None, verdict_as_main="review", verdict_as_secondary="review")
    found = chosen(broken)
    assert found["rejected", "broken.jpg"] == "the picture could not be read"
    assert found["main", "main"] == "no picture could be main: the picture could not be read"


def test_of_the_same_picture_the_kept_one_stays():
    size = {"width_px": 400, "height_px": 500}
    found = chosen(
        picture("small", cluster_id="c", keep=False, **size),
        picture("large", cluster_id="c", keep=True, position=3, width_px=800, height_px=1000),
        picture("again", asset_id="a-large", cluster_id="c", keep=True, position=4, width_px=800, height_px=1000),
    )
    assert list(found) == [
        ("main", "large.jpg"),
        ("rejected", "small.jpg"),
        ("rejected", "again.jpg"),
        ("missing", "secondary"),
    ]
    why = "the same picture as large.jpg, which stays (800×1000 px against 400×500 px)"
    assert found["rejected", "small.jpg"] == why
    assert found["rejected", "again.jpg"] == "the same picture as large.jpg, which stays"


def test_bytes_that_are_no_picture_are_told_as_such_and_never_shown():
    broken = {"unreadable": True, "verdict_as_main": "review", "verdict_as_secondary": "review"}
    found = chosen(picture("broken", **broken))
    assert found["main", "main"] == "no picture could be main: the picture could not be read"
    assert found["rejected", "broken.jpg"] == "the picture could not be read"
    gone = picture("gone", asset_id=None, verdict_as_main=None, verdict_as_secondary=None)
    assert chosen(picture("broken", **broken), gone)["main", "main"].endswith("none of the 2 pictures could be read")


def test_of_the_same_picture_the_one_that_may_be_main_stays_even_if_it_is_not_kept():
    found = chosen(
        picture("fix", cluster_id="c", keep=True, verdict_as_main="fix", verdict_as_secondary="fix"),
        picture("fine", cluster_id="c", keep=False),
    )
    assert [slot for slot, name in found if name == "fine.jpg"] == ["main"]
    assert found["rejected", "fix.jpg"] == "the same picture as fine.jpg, which stays"


def test_the_same_picture_on_two_listings_stays_on_both():
    found = choose(table(picture("x", cluster_id="c"), picture("y", cluster_id="c", listing_id="L2")), RULES)
    assert found.filter(slot="main")["source_uri"].to_list() == ["x.jpg", "y.jpg"]


def test_a_nearly_equal_picture_adds_too_little():
    rng = np.random.default_rng(3)
    look = {"pdq": rng.bytes(32), "lab16": rng.bytes(768)}
    other = {"pdq": rng.bytes(32), "lab16": rng.bytes(768)}
    found = chosen(picture("a", **look), picture("b", **look), picture("c", **other))
    assert [slot for slot, _ in found] == ["main", "1", "rejected"]
    assert found["rejected", "b.jpg"] == "adds too little: 100% like a.jpg, quality 0.50"


def test_the_feeds_main_picture_wins_near_ties_and_its_fall_is_explained():
    assert ("main", "b.jpg") in chosen(picture("a", sharpness=0.5), picture("b", role="main", sharpness=0.4))
    found = chosen(picture("a", sharpness=0.9), picture("b", role="main", sharpness=0.1))
    assert "main in the feed, but a.jpg is better there (0.55 against 0.48)" in found["1", "b.jpg"]
    barred = picture("b", role="main", verdict_as_main="fix", main_faults=["Has a border."])
    assert "main in the feed, but it may not be (Has a border.)" in chosen(picture("a"), barred)["1", "b.jpg"]


def test_swatches_and_size_charts_stand_last_and_are_never_main():
    found = chosen(picture("chart", role="size_chart"), picture("swatch", role="swatch"), picture("shirt"))
    assert list(found) == [("main", "shirt.jpg"), ("1", "swatch.jpg"), ("2", "chart.jpg")]
    assert "a size chart stands last" in found["2", "chart.jpg"]


def test_wanted_shots_that_nobody_supplied_or_that_are_rejected_are_missing():
    rules = GalleryRules(max_pictures=5, wanted_pictures=3, wanted_roles=(Role.PACKAGING, Role.DETAIL, Role.MAIN))
    dark = picture(
        "box", role="packaging", verdict_as_secondary="fix", verdict_as_main="fix", secondary_faults=["Dark."]
    )
    found = chosen(picture("a"), dark, rules=rules)
    assert found["missing", "packaging"] == (
        "the channel wants a packaging picture; box.jpg is one, but has to be mended first: Dark."
    )
    assert found["missing", "detail"] == "the channel wants a detail picture; nobody supplied one"
    assert found["missing", "secondary"] == "shows 1 of the 3 pictures that the channel wants"


def test_the_channels_limit_holds():
    rows = [picture(f"{i}", position=i, sharpness=i / 10) for i in range(9)]
    found = chosen(*rows)
    assert [slot for slot, _ in found][:5] == ["main", "1", "2", "3", "4"]
    assert "the channel shows 5 pictures, and better ones fill them" in found["rejected", "0.jpg"]


def test_a_listing_of_hundreds_weighs_only_its_best():
    rows = [picture(f"{i:03}", sharpness=i / 300) for i in range(300)]
    found = choose(table(*rows), RULES)
    assert found.height == 300
    assert found["source_uri"][0] == "299.jpg"
    assert found.filter(pl.col("reason").str.contains("not among the 24 best")).height == 276


def test_hostile_values_do_no_harm():
    nan = float("nan")
    found = chosen(
        picture("a\n<b>", sharpness=nan, width_px=0, height_px=-5, background_white_share=nan),
        picture("b", sharpness=1e9, width_px=None, height_px=None, background_white_share=-1.0),
    )
    assert {slot for slot, _ in found} == {"main", "1"}


def test_zero_rows_give_zero_rows_with_the_tables_columns():
    found = choose(table(picture("a")).clear(), RULES)
    assert found.is_empty()
    assert found.schema == SCHEMA
    assert found.columns == GALLERIES.names


def drawn(seed, count):
    """Pictures of four listings, many of them alike, equally good, barred or unknown."""
    rng = np.random.default_rng(seed)
    looks = [rng.bytes(32) for _ in range(4)]
    near = [bytes([look[0] ^ 7, *look[1:]]) for look in looks]
    words = [None, "show", "show", "show", "fix", "review", "block"]
    wishes = [None, [], ["Too dark."], ["Too small.", "perhaps: Soft"]]
    grades = [None, 0.0, 0.25, 0.295, 0.5, 1.0]
    rows = []
    for number in range(count):
        as_main, as_other = rng.choice(7, 2)
        numbers = {
            name: grades[rng.integers(6)]
            for name in ("sharpness", "background_white_share", "product_fill_share", "brightness", "information")
        }
        rows.append(
            picture(
                f"{number:03}",
                listing_id=f"L{rng.integers(4) if rng.random() < 0.7 else 0}",
                asset_id=None if rng.random() < 0.05 else f"a{number}",
                role=str(rng.choice([role.value for role in Role])),
                position=int(rng.integers(3)) if rng.random() < 0.9 else None,
                verdict_as_main=words[as_main],
                verdict_as_secondary=words[as_other],
                main_faults=wishes[rng.integers(4)],
                secondary_faults=wishes[rng.integers(4)],
                pdq=[*looks, *near][rng.integers(8)] if rng.random() < 0.6 else rng.bytes(32),
                lab16=bytes([int(rng.integers(100, 140))] * 768) if rng.random() < 0.8 else None,
                cluster_id=f"c{rng.integers(3)}" if rng.random() < 0.2 else None,
                keep=bool(rng.random() < 0.5),
                width_px=int(rng.choice([0, 640, 1500])),
                height_px=int(rng.choice([480, 1500])),
                noise_sigma=float(rng.choice([0.05, 1.25, 9.0])),
                **numbers,
            )
        )
    return table(*rows).with_columns(cut_off_edges=pl.lit([], dtype=pl.List(pl.String)))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**31), st.integers(1, 60), st.integers(1, 9), st.booleans())
def test_all_listings_at_once_are_chosen_as_one_by_one(one_by_one, seed, count, pictures, wants):
    roles = (Role.DETAIL, Role.PACKAGING, Role.MAIN, Role.SWATCH) if wants else ()
    rules = GalleryRules(max_pictures=pictures, wanted_pictures=3, wanted_roles=roles)
    rows = drawn(seed, count)
    told = one_by_one(rows, rules)
    assert_frame_equal(choose(rows, rules).select(told.columns), told, check_exact=True)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 30))
def test_every_placement_stands_once_whatever_the_order_and_the_pieces(seed, count):
    rng = np.random.default_rng(seed)
    looks = [rng.bytes(32) for _ in range(4)]
    rows = [
        picture(
            f"{i}",
            listing_id=f"L{rng.integers(4)}",
            role=str(rng.choice([role.value for role in Role])),
            position=int(rng.integers(3)),
            verdict_as_main=str(rng.choice(["show", "show", "fix", "block"])),
            verdict_as_secondary=str(rng.choice(["show", "show", "review"])),
            sharpness=float(rng.random()),
            pdq=looks[rng.integers(4)] if rng.random() < 0.8 else None,
            lab16=rng.bytes(768) if rng.random() < 0.8 else None,
            cluster_id=f"c{rng.integers(3)}" if rng.random() < 0.3 else None,
        )
        for i in range(count)
    ]
    found = choose(table(*rows), RULES)
    assert sorted(found["placement_id"].drop_nulls()) == sorted(row["placement_id"] for row in rows)
    shown = found.filter(pl.col("slot").is_in(["rejected", "missing"]).not_())
    assert shown.group_by("listing_id").len()["len"].max() <= RULES.max_pictures
    assert (shown.group_by("listing_id", maintain_order=True).first()["slot"] == "main").all()
    assert found["reason"].str.len_chars().min() > 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "ROWS_AT_ONCE", 7)
        assert_frame_equal(found, choose(table(*rows).sample(fraction=1, shuffle=True, seed=1), RULES))


def test_pictures_that_people_split_stand_beside_each_other():
    look = {"pdq": bytes(range(32)), "lab16": bytes(768)}
    rows = table(picture("1", **look, position=0), picture("2", **look, position=1), picture("3", **look, position=2))
    split = pl.DataFrame({"asset_a": ["a-1", "a-2", "x"], "asset_b": ["a-2", "a-1", "a-3"]})
    shown = choose(rows, RULES).filter(~pl.col("slot").is_in(["rejected", "missing"]))["source_uri"].to_list()
    told = choose(rows, RULES, split).filter(~pl.col("slot").is_in(["rejected", "missing"]))["source_uri"].to_list()
    assert (shown, told) == (["1.jpg"], ["1.jpg", "2.jpg"])
