import numpy as np
import polars as pl

from packshot.match.banks import find_known
from packshot.match.turns import TURNS, turned_hashes, turned_thumbnails

RNG = np.random.default_rng(5)
HASHES = RNG.integers(0, 256, (4, 32), dtype=np.uint8)
LABS = RNG.integers(60, 200, (4, 768), dtype=np.uint8)


def flipped(hash_, bits):
    unpacked = np.unpackbits(hash_)
    unpacked[:bits] ^= 1
    return np.packbits(unpacked)


def assets(*hashes, quality=100):
    rows = [{"asset_id": f"a{n}", "pdq": one.tobytes(), "pdq_quality": quality} for n, one in enumerate(hashes)]
    return pl.DataFrame(rows)


def entries(*rows):
    """Rows of (hash, thumbnail or None, most bits or None)."""
    told = [
        {
            "entry_id": f"e{n}",
            "bank": "withdrawn",
            "note": "why",
            "pdq": one.tobytes(),
            "lab16": None if lab is None else lab.tobytes(),
            "max_distance": most,
        }
        for n, (one, lab, most) in enumerate(rows)
    ]
    return pl.DataFrame(told, schema_overrides={"lab16": pl.Binary, "max_distance": pl.Int32})


def test_a_hash_is_found_within_its_distance_and_not_beyond():
    pictures = assets(flipped(HASHES[0], 20), flipped(HASHES[0], 31), flipped(HASHES[0], 32), HASHES[1])
    rows = find_known(pictures, entries((HASHES[0], None, None)))
    assert rows.select("asset_a", "distance", "bank", "note", "kind").rows() == [
        ("a0", 20, "withdrawn", "why", "bank"),
        ("a1", 31, "withdrawn", "why", "bank"),
    ]
    near = find_known(pictures, entries((HASHES[0], None, 20)))
    assert near["asset_a"].to_list() == ["a0"]


def test_every_turn_of_a_hash_is_found():
    for turn in TURNS:
        (row,) = find_known(assets(turned_hashes(HASHES[:1], turn)[0]), entries((HASHES[0], None, None))).to_dicts()
        assert (row["mirrored"], row["turned_degrees"], row["distance"]) == (turn.mirrored, turn.degrees, 0)


def test_a_picture_of_another_colour_is_not_the_one_in_the_bank():
    other = LABS[0].reshape(256, 3).copy()
    other[60:200, 2] = 255 - other[60:200, 2] // 2
    seen = {"a0": LABS[0], "a1": other.reshape(768), "a2": turned_thumbnails(LABS[:1], TURNS[4])[0]}
    pictures = assets(HASHES[0], HASHES[0], turned_hashes(HASHES[:1], TURNS[4])[0])

    def thumbnails(ids):
        return pl.DataFrame({"asset_id": ids, "lab16": [seen[one].tobytes() for one in ids]})

    rows = find_known(pictures, entries((HASHES[0], LABS[0], None)), thumbnails)
    assert rows["asset_a"].to_list() == ["a0", "a2"]
    assert find_known(pictures, entries((HASHES[0], None, None)), thumbnails).height == 3, "a hash knows no colour"


def test_blank_pictures_are_in_no_bank():
    assert find_known(assets(HASHES[0], quality=10), entries((HASHES[0], None, None))).is_empty()
    assert find_known(assets(HASHES[0]), entries((HASHES[0], None, None)).clear()).is_empty()
