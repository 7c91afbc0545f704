import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from packshot.match.clusters import SCHEMA, clusters
from packshot.match.pairs import SCHEMA as MATCHES


def matches(*rows):
    return pl.DataFrame(
        [
            {"asset_a": a, "asset_b": b, "kind": kind[0] if kind else "same", "distance": d, "delta_e": d / 10}
            for a, b, d, *kind in rows
        ],
        schema=MATCHES,
    )


def assets(*names):
    return pl.DataFrame(
        {"asset_id": list(names), "width_px": [800] * len(names), "height_px": [800] * len(names)},
        schema={"asset_id": pl.String, "width_px": pl.Int32, "height_px": pl.Int32},
    )


def sets(found):
    return {row[0]: sorted(row[1]) for row in found.group_by("cluster_id").agg("asset_id").iter_rows()}


def test_a_chain_is_cut_where_the_ends_do_not_match():
    found = clusters(matches(("a", "b", 20), ("b", "c", 20), ("c", "d", 20), ("d", "e", 20)), assets(*"abcde"))
    assert sets(found) == {"b": ["a", "b", "c"], "d": ["d", "e"]}


def test_a_member_goes_to_its_nearest_representative():
    rows = [("a", "b", 9), ("a", "c", 9), ("a", "m", 20), ("x", "y", 9), ("x", "z", 9), ("m", "x", 4)]
    assert sets(clusters(matches(*rows), assets(*"abcmxyz")))["x"] == ["m", "x", "y", "z"]


def test_only_same_pictures_make_a_cluster():
    rows = matches(("a", "a", 0, "exact"), ("a", "b", 2, "variant"))
    found = clusters(rows, assets("a", "b"))
    assert found.is_empty()
    assert found.schema == SCHEMA


@settings(max_examples=60, deadline=None)
@given(st.sets(st.tuples(st.integers(0, 14), st.integers(0, 14)), max_size=40), st.randoms())
def test_clusters_are_those_of_going_one_by_one_whatever_the_order(edges, random):
    names = "abcdefghijklmno"
    rows = [(names[i], names[j], (i * 7 + j) % 31) for i, j in sorted(edges) if i < j]
    found = clusters(matches(*rows), assets(*names))
    random.shuffle(rows)
    assert_frame_equal(found, clusters(matches(*rows), assets(*names[::-1])))
    neighbours = {name: {b if a == name else a for a, b, _ in rows if name in (a, b)} for name in names}
    leaders = []
    for name in sorted((n for n in names if neighbours[n]), key=lambda n: (-len(neighbours[n]), n)):
        if not neighbours[name] & set(leaders):
            leaders.append(name)
    got = sets(found)
    assert set(got) <= set(leaders)
    for cluster, members in got.items():
        assert set(members) - {cluster} <= neighbours[cluster]
    placed = [name for members in got.values() for name in members]
    assert len(placed) == len(set(placed))
    assert set(placed) >= {name for name in names if neighbours[name]} - set(leaders)
    assert found.group_by("cluster_id").agg(pl.col("keep").sum())["keep"].to_list() == [1] * len(got)
