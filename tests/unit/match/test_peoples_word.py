import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from packshot.match.clusters import clusters
from packshot.match.pairs import SCHEMA
from packshot.match.peoples_word import MOST_PAIRS, Settled, settled, with_word


def matches(*rows):
    return pl.DataFrame(
        [
            {"asset_a": a, "asset_b": b, "kind": kind[0] if kind else "same", "distance": d, "delta_e": d / 10}
            for a, b, d, *kind in rows
        ],
        schema=SCHEMA,
    )


def assets(names):
    return pl.DataFrame(
        {"asset_id": list(names), "width_px": [800] * len(names), "height_px": [800] * len(names)},
        schema={"asset_id": pl.String, "width_px": pl.Int32, "height_px": pl.Int32},
    )


def said(*rows):
    """`a=b` or `a/b` texts, the latest last."""
    told = [(text[0], text[2], text[1] == "=", seq) for seq, text in enumerate(rows, 1)]
    return pl.DataFrame(told, schema=["asset_a", "asset_b", "same", "seq"], orient="row", schema_overrides={"seq": int})


def clustered(pairs, names, *words):
    told = settled(said(*words))
    found = clusters(with_word(pairs, told), assets(names), told)
    return sorted("".join(sorted(part)) for part in found.group_by("cluster_id").agg("asset_id")["asset_id"])


def test_a_split_pair_is_in_no_cluster():
    assert clustered(matches(("a", "b", 2)), "ab", "a/b") == []
    assert clustered(matches(("a", "b", 2)), "ab") == ["ab"]


def test_the_farther_of_two_that_are_split_leaves_their_leader():
    pairs = matches(("a", "c", 9), ("b", "c", 4), ("c", "d", 1))
    assert clustered(pairs, "abcd") == ["abcd"]
    assert clustered(pairs, "abcd", "a/b") == ["bcd"]
    assert clustered(matches(("a", "c", 9), ("b", "c", 4), ("a", "d", 9)), "abcd", "a/b") == ["ad", "bc"]


def test_what_is_confirmed_is_one_cluster_and_carries_on():
    assert clustered(matches(), "abc", "a=b", "b=c") == ["abc"]
    assert clustered(matches(("c", "d", 3), ("a", "b", 9, "variant")), "abcd", "a=b", "b=c") == ["abcd"]
    told = settled(said("a=b", "b=c"))
    found = with_word(matches(("a", "b", 9, "variant"), ("a", "c", 90, "variant"), ("a", "x", 5)), told)
    rows = found.select("asset_a", "asset_b", "kind", "distance").rows()
    assert rows == [("a", "b", "same", 9), ("a", "c", "same", 90), ("a", "x", "same", 5), ("b", "c", "same", None)]


def test_a_split_holds_for_all_that_was_confirmed():
    pairs = matches(("b", "c", 3), ("a", "d", 3))
    assert clustered(pairs, "abcd", "a=b", "a/c") == ["abd"]
    left = with_word(
        matches(("b", "c", 3), ("b", "c", 3, "copy"), ("b", "c", 3, "variant")), settled(said("a=b", "a/c"))
    )
    assert left.select("asset_a", "asset_b", "kind").rows() == [("a", "b", "same"), ("b", "c", "variant")]


def test_the_later_word_wins():
    assert clustered(matches(), "abc", "a/c", "a=b", "b=c") == ["abc"]
    assert clustered(matches(), "abc", "a=b", "b=c", "a/c") == ["bc"]
    assert Settled([("a", "c", False), ("b", "c", True), ("a", "b", True)]).contradicted == [("a", "b", True)]
    assert Settled([("b", "c", True), ("a", "b", True), ("a", "c", False)]).contradicted == [("a", "c", False)]


def test_a_large_group_is_paired_with_its_first():
    words = pl.DataFrame(
        [("a", f"b{number:03}", True, number) for number in range(MOST_PAIRS + 9)],
        schema=["asset_a", "asset_b", "same", "seq"],
        orient="row",
    )
    told = settled(words)
    found = with_word(matches(), told)
    assert found.height == MOST_PAIRS + 9
    assert clusters(found, assets([*words["asset_b"], "a"]), told)["cluster_id"].n_unique() == 1


PAIRS = st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh")).filter(lambda pair: pair[0] < pair[1])


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(PAIRS, st.integers(0, 30)), max_size=14), st.lists(st.tuples(PAIRS, st.booleans()), max_size=6)
)
def test_words_that_agree_are_always_kept(found, words):
    pairs = matches(*{pair: (*pair, distance) for pair, distance in found}.values())
    latest = dict(words)
    told = settled(said(*(f"{a}{'=' if same else '/'}{b}" for (a, b), same in latest.items())))
    lost = {(a, b) for a, b, _ in told.contradicted}
    cluster = dict(
        clusters(with_word(pairs, told), assets("abcdefgh"), told).select("asset_id", "cluster_id").iter_rows()
    )
    for (a, b), same in latest.items():
        if (a, b) not in lost:
            assert (cluster.get(a, a) == cluster.get(b, b)) == same
    if not latest:
        assert_frame_equal(clusters(pairs, assets("abcdefgh"), told), clusters(pairs, assets("abcdefgh")))
