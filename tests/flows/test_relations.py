"""Pictures compared with the words of their listings, by stand-ins for the models."""

import csv
import json
import os
import shutil

import polars as pl
import pytest

import packshot
from packshot.evaluate.suite import all_measures
from packshot.evaluate.text_reading import RECOGNISER
from packshot.evaluate.titles import title_vectors
from packshot.models import desk
from packshot.models.folder import VARIABLE
from packshot.pipeline import relate_step
from packshot.pipeline.relations import related
from packshot.testing.stand_in_models import tiny_cache

pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
pytest.importorskip("tokenizers", reason="tokenizers is not installed")

TITLES = {"A": "A blue vase", "B": "Frying pan red", "C": "Desk lamp"}
POLICY = """
id = "words"
title = "Words"
[[rules]]
check = "wrong_product"
on_fail = "review"
says = "What the title says."
[[rules]]
check = "wrong_colour"
on_fail = "review"
says = "The colour that is stated."
"""


@pytest.fixture
def models(tmp_path_factory, monkeypatch):
    """Stand-ins for the models, found by this process and those it starts."""
    for name, value in tiny_cache(tmp_path_factory.mktemp("stand-ins")).items():
        monkeypatch.setenv(name, value)
    title_vectors._tokenizer.cache_clear()
    yield
    title_vectors._tokenizer.cache_clear()
    desk.sit_at(None)
    desk.use(None)


@pytest.fixture
def worded(small_shop, tmp_path):
    """The small shop with titles that say something, and a policy that reads nothing else."""
    policy = tmp_path / "words.toml"
    policy.write_text(POLICY, encoding="utf-8")
    small_shop.policy = str(policy)
    titled(small_shop, TITLES)
    return small_shop


def titled(shop, titles):
    rows = list(csv.reader(shop.feed.open(encoding="utf-8")))
    place = rows[0].index("title")
    for row in rows[1:]:
        row[place] = titles[row[0]]
    with shop.feed.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)


def relations(shop):
    with shop.opened() as place:
        return place._stores.tables.read("relations").to_pylist()


@pytest.mark.usefixtures("models")
def test_each_pair_is_compared_once_judged_found_and_forgotten(worded, monkeypatch, command):
    worded.run(policy=worded.policy)
    first = relations(worded)
    assert len(first) == 4
    assert all(0 <= row["title_agreement"] <= 1 for row in first)
    stating = [row["colour_agreement"] for row in first]
    assert sum(value is not None for value in stating) == 3  # the lamp's title states none
    assert worded.table("verdicts")["not_assessed"].list.len().sum() == 0

    worded.run(policy=worded.policy)
    assert relations(worded) == first

    titled(worded, TITLES | {"C": "A yellow lamp"})
    made = []
    real = relate_step.answered

    def counted(engine, work, rows, size):
        made.extend(rows["text"].to_pylist())
        return real(engine, work, rows, size)

    monkeypatch.setattr(relate_step, "answered", counted)
    worded.run(policy=worded.policy)
    assert len(relations(worded)) == 5
    assert made == ["A yellow lamp"]

    with worded.opened() as place:
        found = place.search("a red pan", top=3)
        assert [set(row) for row in found] == [set(found[0])] * 3
        assert found == sorted(found, key=lambda row: -row["score"])
        (nearest, *_) = place.search(like=worded.folder / "lamp.jpg", top=2)
        assert nearest["listing_id"] == "C"
        assert nearest["score"] == pytest.approx(1, abs=1e-2)
        assert place.search(like=(worded.folder / "lamp.jpg").read_bytes(), top=1) == [nearest]
        for noise in ("!!!", " \u2028 "):
            with pytest.raises(packshot.UsageError, match="no words") as told:
                place.search(noise)
            assert "blue mug" in told.value.hint
        with pytest.raises(packshot.MediaError, match=r"none\.jpg: there is no such file"):
            place.search(like="none.jpg")
        with pytest.raises(packshot.MediaError, match="stdin"):
            place.search(like=b"")
    shown = command("search", "blue vase", "--workspace", worded.workspace, "--top", 2)
    assert (shown.code, "Thumbnails:" in shown.out) == (0, True)
    listed = json.loads(command("search", "blue vase", "-w", worded.workspace, "-k", 2, "--json").out)
    assert {"asset_id", "score", "listing_id", "source_uri", "thumbnail"} <= set(listed[0])
    with worded.opened() as place:
        place.forget(["C"], because="a test")
    left = relations(worded)
    assert len(left) == 3
    assert nearest["asset_id"] not in {row["asset_id"] for row in left}
    with worded.opened() as place:
        texts = place._stores.tables.read("vectors/minilm_l6_int8")
    assert texts.num_rows == 3  # two titles, and the category that all share


@pytest.mark.usefixtures("models")
def test_what_was_committed_before_a_kill_is_not_compared_again(worded, monkeypatch):
    real = relate_step._compared

    def stopped(*given):
        for part in real(*given):
            yield part.head(1)
            raise KeyboardInterrupt

    monkeypatch.setattr(relate_step, "_compared", stopped)
    with pytest.raises(KeyboardInterrupt):
        worded.run(policy=worded.policy)
    assert len(relations(worded)) == 1
    monkeypatch.setattr(relate_step, "_compared", real)
    worded.run(policy=worded.policy)
    pairs = [(row["asset_id"], row["text_key"]) for row in relations(worded)]
    assert len(pairs) == len(set(pairs)) == 4


@pytest.mark.usefixtures("models")
def test_words_that_are_read_later_count_then_and_where_nothing_can_read_them_any_more(worded, tmp_path, monkeypatch):
    worded.run(policy=worded.policy)
    first = {row["asset_id"]: row for row in relations(worded)}
    assert {row["words_agreement"] for row in first.values()} == {None}

    real = relate_step.measured

    def reading(stores, columns=None, **which):
        found = real(stores, columns, **which)
        return found.with_columns(text_words=pl.lit(["BLUE", "VAS3 vase"])) if "text_words" in columns else found

    monkeypatch.setattr(relate_step, "measured", reading)
    policy = tmp_path / "text.toml"
    rule = '[[rules]]\ncheck = "promotional_text"\non_fail = "show"\nsays = "No promises."\n'
    policy.write_text(POLICY.replace('"words"', '"text"', 1) + rule, encoding="utf-8")
    worded.run(policy=str(policy))
    rows = relations(worded)
    assert len(rows) == 8
    again = {row["asset_id"]: row for row in rows[4:]}
    assert sorted(row["words_agreement"] for row in again.values()) == [0, 0, 1, 1]  # two pictures of the vase
    for asset, row in again.items():
        before, now = first[asset]["title_agreement"], row["title_agreement"]
        assert now > before if row["words_agreement"] else now <= before

    shutil.copytree(os.environ[VARIABLE], tmp_path / "other", ignore=shutil.ignore_patterns(RECOGNISER))
    monkeypatch.setenv(VARIABLE, str(tmp_path / "other"))
    assert "text" not in all_measures()
    worded.run(policy=worded.policy)
    assert relations(worded) == rows
    with worded.opened() as place:
        assert sorted(related(place._stores, ["words_agreement"])["words_agreement"]) == [0, 0, 1, 1]


def test_without_the_models_the_title_is_not_assessed_and_the_colour_is(worded, tmp_path, monkeypatch):
    monkeypatch.setenv("PACKSHOT_MODELS", str(tmp_path / "no models"))
    worded.run(policy=worded.policy)
    assert {row["title_agreement"] for row in relations(worded)} == {None}
    listed = worded.table("verdicts")["not_assessed"].to_list()
    assert listed == [["wrong_product"]] * 4
    with worded.opened() as place, pytest.raises(packshot.PackshotError, match="efficientnet-lite0"):
        place.search("a pan")


def test_pictures_without_vectors_are_told_with_the_command_that_makes_them(run_shop, models, command):  # noqa: ARG001 - after the run
    with run_shop.opened() as place, pytest.raises(packshot.UsageError, match="no vectors") as told:
        place.search("a pan")
    assert "packshot run" in told.value.hint
    ended = command("search", "--workspace", run_shop.workspace)
    assert ended.code == 2
    assert "words, or a picture" in ended.err
