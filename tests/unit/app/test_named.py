import polars as pl

from packshot.app.named import Names

PLACES = pl.DataFrame(
    {
        "placement_id": ["aabbccdd11", "aabbccdd22", "0123456789"],
        "source_uri": ["a.jpg", "b.jpg", "0123ab"],
        "asset_id": ["aabbccddee", "ffeeddccbb", None],
        "listing_id": ["A", "A", "B"],
    }
)


def ids(names):
    found = Names(PLACES).placements(names)
    return {name: sorted(rows["placement_id"].to_list()) for name, rows in found.items()}


def test_starts_of_ids_are_found_whatever_their_length_and_each_place_once():
    assert ids(["aabbcc", "aabbccdd2", "ffeeddcc", "aabbccddee", "012345"]) == {
        "aabbcc": ["aabbccdd11", "aabbccdd22"],
        "aabbccdd2": ["aabbccdd22"],
        "ffeeddcc": ["aabbccdd22"],
        "aabbccddee": ["aabbccdd11"],
        "012345": ["0123456789"],
    }


def test_what_is_too_short_no_id_or_of_nothing_means_nothing():
    assert ids(["aabb", "AABBCC", "zzzzzz", "(?i)aabbcc", "deadbeef", "f" * 500, "", "aabbcc\n"]) == {}


def test_an_address_and_a_listing_come_before_the_start_of_an_id():
    assert ids(["0123ab", "A"]) == {"0123ab": ["0123456789"], "A": ["aabbccdd11", "aabbccdd22"]}
