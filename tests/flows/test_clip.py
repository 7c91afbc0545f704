"""A CLIP of the user's own, by a tiny one that knows colours: added, used, replaced, removed."""

import contextlib
import json

import numpy as np
import polars as pl
import pyarrow.compute as pc
import pytest

import packshot
from packshot.evaluate.titles import clip_space, title_vectors
from packshot.models import desk
from packshot.models.add import add_model, remove_model
from packshot.models.sources import version_of
from packshot.pipeline import measure_step, relate_step
from packshot.testing.drawing import encode
from packshot.testing.stand_in_models import tiny_cache
from packshot.testing.tiny_clip import tiny_clip

pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
pytest.importorskip("tokenizers", reason="tokenizers is not installed")

POLICY = """
id = "words"
title = "Words"
[[rules]]
check = "wrong_product"
on_fail = "review"
says = "What the title says."
"""
PAINT = {"red": (230, 30, 20), "blue": (20, 30, 230), "white": (250, 250, 250), "lie": (20, 200, 30)}
TITLES = {"red": "A red mug", "blue": "A blue mug", "white": "A white mug", "lie": "A red pan"}


@pytest.fixture
def models(tmp_path_factory, monkeypatch):
    """Stand-ins for the shipped models, found by this process and those it starts."""
    for name, value in tiny_cache(tmp_path_factory.mktemp("stand-ins")).items():
        monkeypatch.setenv(name, value)
    title_vectors._tokenizer.cache_clear()
    yield
    title_vectors._tokenizer.cache_clear()
    desk.sit_at(None)
    desk.use(None)


@pytest.fixture
def painted(shop, tmp_path, models):  # noqa: ARG001 - the environment
    """A shop of four pictures in one colour each; the title of the last one says another colour."""
    shop.policy = tmp_path / "words.toml"
    shop.policy.write_text(POLICY, encoding="utf-8")
    for name, colour in PAINT.items():
        shop.put(f"{name}.png", encode(np.full((300, 400, 3), colour, np.uint8), "png"))
    lines = ["product_id,title,image_path"] + [f"{name},{title},{name}.png" for name, title in TITLES.items()]
    shop.feed.write_text("\n".join(lines), encoding="utf-8")
    return shop


@pytest.fixture
def here(monkeypatch):
    """Models run in this process: nothing to start, and it lives on when they are replaced."""
    for step in (measure_step, relate_step):
        monkeypatch.setattr(step, "models_at_work", lambda *_: contextlib.nullcontext())


def put(tmp_path, **options):
    clip = tiny_clip(tmp_path / "-".join(["clip", *map(str, options.values())]), **options)
    add_model("clip-image", clip.image)
    add_model("clip-text", clip.text)


def stored(shop, table):
    with shop.opened() as place:
        return pl.from_arrow(place._stores.tables.read(table))


def agreements(shop):
    """By listing: what each picture has in the newest version of its relation, and the versions there are."""
    rows = stored(shop, "relations").sort("at")
    places = shop.table("placements", policy=str(shop.policy)).select("asset_id", "listing_id")
    return rows.join(places, on="asset_id")


def verdicts(shop):
    rows = shop.table("verdicts").sort("listing_id")
    return dict(zip(rows["listing_id"], rows["verdict"], strict=True))


def found_by(shop, *words, **like):
    with shop.opened() as place:
        rows = place.search(*words, **like)
    return [row["listing_id"] for row in rows], {row["model"] for row in rows}


def run(shop, **options):
    return shop.run(policy=str(shop.policy), **options)


def test_titles_and_search_go_by_the_clip(painted, tmp_path, command):
    put(tmp_path)
    spent = {cost.stage: cost.pictures for cost in run(painted, profile=True).profile}
    assert spent["measure: model clip-image"] == 4
    assert spent["relate: model clip-text"] == 301 + 4
    rows = agreements(painted)
    assert rows["version"].str.contains(version_of("clip-text"), literal=True).all()
    told = dict(zip(rows["listing_id"], rows["title_agreement"], strict=True))
    assert told["lie"] < 0.05
    assert min(told[name] for name in ("red", "blue", "white")) > 0.1  # in three dimensions nothing is rare
    assert verdicts(painted) == {"red": "show", "blue": "show", "white": "show", "lie": "review"}

    assert found_by(painted, "something red")[0][0] == "red"
    listings, models = found_by(painted, like=painted.folder / "blue.png")
    assert (listings[0], models) == ("blue", {"clip-image"})
    listed = json.loads(command("search", "white", "-w", painted.workspace, "-k", 1, "--json").out)
    assert (listed[0]["listing_id"], listed[0]["model"]) == ("white", "clip-image")
    assert "clip-image" in command("search", "white", "-w", painted.workspace).out
    with painted.opened() as place:
        place._stores.tables.remove("vectors/clip", pc.field("asset_id") == listed[0]["asset_id"])
    assert found_by(painted, "white")[1] == {"efficientnet-lite0"}, "a search by the CLIP would not find all"
    with painted.opened() as place:
        place.forget(["red"], because="a test")
    assert stored(painted, "vectors/clip").height == 2
    assert len(set(stored(painted, "vectors/clip_text")["text_key"])) == 301 + 3  # names of things, and three titles


@pytest.mark.usefixtures("here")
def test_a_clip_comes_and_goes_and_no_verdict_is_of_two_worlds(painted, tmp_path, monkeypatch):
    monkeypatch.setattr(clip_space, "EVERY", 8)  # fewer names, read sooner
    run(painted)
    shipped, before = agreements(painted), verdicts(painted)
    # One half alone changes nothing.
    add_model("clip-image", tiny_clip(tmp_path / "clip").image)
    assert run(painted).decoded == 0
    assert verdicts(painted) == before
    assert found_by(painted, "red")[1] == {"efficientnet-lite0"}

    put(tmp_path)
    # Until a run has shown it the pictures, everything is as it was.
    assert found_by(painted, "red")[1] == {"efficientnet-lite0"}
    with painted.opened() as place:
        assert place.whatif(str(painted.policy))["flipped"] == 0
    run(painted)
    assert verdicts(painted)["lie"] == "review"
    assert found_by(painted, "red")[1] == {"clip-image"}
    assert agreements(painted).height == 2 * shipped.height

    # Another CLIP, with vectors of another length: the vectors of the first stay, and are not read.
    put(tmp_path, width=5, seed=4)
    assert found_by(painted, "red")[1] == {"efficientnet-lite0"}
    run(painted)
    assert verdicts(painted)["lie"] == "review"
    assert found_by(painted, "red") == (["red", *found_by(painted, "red")[0][1:]], {"clip-image"})
    assert set(stored(painted, "vectors/clip")["vector"].list.len()) == {8, 5}

    remove_model("clip-image")
    assert found_by(painted, "red")[1] == {"efficientnet-lite0"}
    run(painted)
    assert verdicts(painted) == before
    assert agreements(painted).height == 3 * shipped.height  # what was compared before counts again


def test_a_picture_alone_is_not_shown_to_a_clip(painted, tmp_path, monkeypatch):
    put(tmp_path)
    monkeypatch.setattr("packshot.evaluate.measures.embedding_clip.picture_vector", None)
    told = packshot.check(painted.folder / "red.png", str(painted.policy))
    assert told.trouble is None
    assert "clip_seen_share" not in told.measurements
