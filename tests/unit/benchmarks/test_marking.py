from dataclasses import replace

import pytest
from exam import Bound, Exam, Item, Kind, Sense, Wanted
from marking import marked

from packshot.evaluate import segmentation
from packshot.evaluate.checks.blurry import BlurryParams

BELOW = Bound(0.35, "here", Sense.BELOW)


def exam(**changes):
    return replace(Exam("it", Kind.DECISION, list, (), BELOW, "nothing"), **changes)


def sharp(name, score, **more):
    return Item(name, more.pop("slice", "all"), score, **more)


ITEMS = [
    sharp("a", 0.1, truth=True, baselines={"other": 5.0}),
    sharp("b", 0.5, truth=True, baselines={"other": 4.0}),
    sharp("c", 0.35, truth=False, baselines={"other": 4.5}),
    sharp("d", 0.9, truth=False, baselines={"other": 1.0}),
    sharp("e", None, truth=False, baselines={"other": None}),
]


def value(figures, name):
    return figures[name]["value"]


def test_below_counts_and_the_bound_itself_does_not():
    found = marked(exam(), ITEMS)["figures"]
    assert (found["n"], found["positives"], found["unanswered"]) == (5, 2, 1)
    assert value(found, "recall") == 0.5
    assert value(found, "precision") == 1.0
    assert value(found, "false_positives") == 0.0
    assert value(found, "auc") == pytest.approx((3 + 2) / 6, abs=1e-4)


def test_a_baseline_without_a_bound_is_shown_at_the_same_recall():
    found = marked(exam(baselines={"other": Sense.AT_LEAST}), ITEMS)["baselines"]["other"]
    assert value(found, "recall") == 0.5
    assert value(found, "precision") == 1.0
    at_its_own = marked(exam(baselines={"other": Bound(4.2, "", Sense.AT_LEAST)}), ITEMS)["baselines"]["other"]
    assert value(at_its_own, "precision") == 0.5


def test_what_was_decided_counts_where_there_is_no_bound():
    decided = [replace(one, said={"a": True, "b": True, "c": True}.get(one.id)) for one in ITEMS]
    found = marked(exam(bound=None, sense=Sense.BELOW), decided)["figures"]
    assert value(found, "recall") == 1.0
    assert value(found, "precision") == pytest.approx(2 / 3, abs=1e-4)


def test_a_slice_of_true_items_is_ranked_against_all_others():
    items = [replace(one, slice="blurred" if one.truth else "clean") for one in ITEMS]
    slices = marked(exam(), items)["slices"]
    assert value(slices["blurred"], "auc") == pytest.approx(5 / 6, abs=1e-4)
    assert "precision" not in slices["blurred"]
    assert set(slices["clean"]) == {"n", "unanswered", "positives", "false_positives"}


def test_levels_without_an_answer_are_none_at_all():
    items = [sharp("a", 0.95), sharp("b", 0.6), sharp("c", None), sharp("d", 0.9)]
    found = marked(exam(kind=Kind.LEVEL, bound=Bound(0.9, "", Sense.AT_LEAST)), items)["figures"]
    assert value(found, "mean") == pytest.approx(2.45 / 4, abs=1e-4)
    assert value(found, "median") == 0.75
    assert value(found, "share_at_bound") == 0.5


def test_classes_are_marked_by_the_mean_of_their_f1():
    rows = [("front", "front"), ("front", None), ("back", "front"), ("back", "back")]
    items = [
        Item(f"{i}", "x", float(told == true), group=f"{i}", label=true, answer=told)
        for i, (true, told) in enumerate(rows)
    ]
    found = marked(exam(kind=Kind.LEVEL, bound=None), items)["figures"]
    assert value(found, "macro_f1") == pytest.approx((0.5 + 2 / 3) / 2, abs=1e-4)
    alone = marked(exam(kind=Kind.LEVEL, bound=None), items[:2])["figures"]
    assert "macro_f1" not in alone


def test_an_order_is_marked_within_its_groups():
    rows = [("x", 0.2, True), ("x", 0.1, False), ("y", 0.9, True), ("y", 0.95, False), ("y", 0.3, False)]
    items = [sharp(f"{i}", score, truth=truth, group=group) for i, (group, score, truth) in enumerate(rows)]
    found = marked(exam(kind=Kind.ORDER, bound=None, sense=Sense.AT_LEAST), items)["figures"]
    assert found["groups"] == 2
    assert value(found, "group_auc") == 0.75
    assert value(found, "auc") == pytest.approx(3 / 6, abs=1e-4)


@pytest.mark.parametrize(
    ("wanted", "met"),
    [
        (Wanted("recall", 0.6), "no"),
        (Wanted("recall", 0.5), "yes, not surely"),
        (Wanted("false_positives", 0.99, most=True), "yes"),
        (Wanted("cpu_ms", 3.0, most=True), "yes"),
        (Wanted("cpu_ms", 1.0, most=True), "no"),
        (Wanted("auc", 0.5, of="no such slice"), "not measured"),
    ],
)
def test_what_is_asked_is_met_or_not(wanted, met):
    items = [replace(one, cpu_ms=2.0) for one in ITEMS]
    assert marked(exam(wanted=(wanted,)), items)["wanted"][0]["met"] == met


def test_a_probability_gets_a_calibration():
    items = [sharp("a", 0.9, truth=True), sharp("b", 0.1, truth=False), sharp("c", None, truth=True)]
    found = marked(exam(bound=Bound(0.5, "", Sense.AT_LEAST), is_probability=True), items)
    assert sum(one["n"] for one in found["calibration"]["bins"]) == 2


def test_a_bound_is_read_from_where_it_ships():
    found = Bound.of(BlurryParams(min_sharpness=0.4), "min_sharpness", Sense.BELOW)
    assert (found.value, found.where) == (0.4, "packshot.evaluate.checks.blurry.BlurryParams.min_sharpness")
    constant = Bound.of(segmentation, "CONFIDENT")
    assert (constant.value, constant.where) == (segmentation.CONFIDENT, "packshot.evaluate.segmentation.CONFIDENT")


def test_a_rank_is_marked_by_the_order_of_all():
    told = [("a", 0.1, 1.0), ("b", 0.3, 2.0), ("c", 0.2, 3.0), ("d", 0.9, 4.0)]
    items = [sharp(name, score, worth=worth, baselines={"other": -worth}) for name, score, worth in told]
    ranked = exam(kind=Kind.RANK, bound=None, sense=Sense.AT_LEAST, baselines={"other": Sense.AT_LEAST})
    found = marked(ranked, items)
    assert value(found["figures"], "spearman") == pytest.approx(1 - 6 * 2 / (4 * 15))
    assert value(found["baselines"]["other"], "spearman") == -1.0
    turned = marked(replace(ranked, sense=Sense.BELOW), items)
    assert value(turned["figures"], "spearman") == pytest.approx(-0.8)
    with pytest.raises(ValueError, match="worth"):
        marked(ranked, [*items, sharp("e", 0.5)])
