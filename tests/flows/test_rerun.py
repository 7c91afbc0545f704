import os

import polars as pl
import pytest

import packshot
from packshot.evaluate.measures.noise import Noise


def run_uncopied(shop, pictures):
    for name in ("vase", "watch", "pan", "lamp"):
        shop.put(f"{name}.jpg", pictures[name])
    shop.list(("A", "vase.jpg"), ("A", "watch.jpg"), ("B", "pan.jpg"), ("C", "lamp.jpg"))
    shop.run(copy=False)


@pytest.fixture
def uncopied(prepared, pictures):
    """The small shop after a run that kept no originals."""
    return prepared(run_uncopied, pictures)


def test_nothing_is_decoded_twice(run_shop):
    first = run_shop.first
    again = run_shop.run()
    assert (first.decoded, first.reused) == (4, 0)
    assert (again.decoded, again.reused) == (0, 4)
    assert again.verdicts == first.verdicts


def test_another_policy_decodes_nothing_and_both_are_kept(run_shop):
    other = run_shop.run(policy="amazon")
    assert (other.decoded, other.policy) == (0, "amazon")
    assert set(run_shop.table("verdicts")["policy"]) == {"amazon"}
    assert set(run_shop.table("verdicts", "house")["policy"]) == {"house"}
    with pytest.raises(packshot.UnknownName):
        run_shop.table("verdicts", "hause")


def test_a_second_run_that_changes_nothing_judges_nothing_anew(small_shop):
    def judgements():
        return sorted(path.name for path in (small_shop.workspace / "tables/judgements").iterdir())

    small_shop.put("broken.jpg", b"\xff\xd8\xff\xe0 nothing")
    small_shop.list(("A", "vase.jpg"), ("B", "broken.jpg"), ("C", "gone.jpg"))
    small_shop.run()
    before = judgements()
    small_shop.run()
    assert judgements() == before
    small_shop.run(policy="amazon")
    assert len(judgements()) == len(before) + 1


def test_one_new_file_decodes_one(run_shop, pictures):
    run_shop.put("soft.jpg", pictures["soft"])
    run_shop.list(("A", "vase.jpg"), ("A", "watch.jpg"), ("B", "pan.jpg"), ("C", "lamp.jpg"), ("C", "soft.jpg"))
    summary = run_shop.run()
    assert (summary.decoded, summary.reused, summary.placements) == (1, 4, 5)
    assert run_shop.one("verdicts", source_uri="soft.jpg")["verdict"] != "show"


def test_a_replaced_picture_decodes_one_and_its_verdict_changes(run_shop, pictures):
    before = run_shop.one("verdicts", source_uri="watch.jpg")
    run_shop.put("watch.jpg", pictures["soft"])
    summary = run_shop.run()
    after = run_shop.one("verdicts", source_uri="watch.jpg")
    assert (summary.decoded, summary.assets) == (1, 4)
    assert after["placement_id"] == before["placement_id"]
    assert after["asset_id"] != before["asset_id"]
    assert (before["verdict"], after["verdict"] == "show") == ("show", False)


def test_a_picture_put_back_as_it_was_decodes_nothing(run_shop, pictures):
    run_shop.put("watch.jpg", pictures["soft"])
    run_shop.run()
    run_shop.put("watch.jpg", pictures["watch"])
    assert run_shop.run().decoded == 0
    assert run_shop.one("verdicts", source_uri="watch.jpg")["verdict"] == "show"


def test_a_file_gone_after_it_was_read_keeps_its_picture_but_is_not_shown(run_shop):
    (run_shop.folder / "watch.jpg").unlink()
    summary = run_shop.run()
    row = run_shop.one("verdicts", source_uri="watch.jpg")
    assert row["asset_id"] is not None
    assert row["verdict"] == "review"
    assert run_shop.one("troubles", source_uri="watch.jpg")["kind"] == "not_found"
    assert (summary.decoded, summary.troubles) == (0, 1)
    run_shop.put("watch.jpg", (run_shop.folder / "vase.jpg").read_bytes())
    assert run_shop.run().troubles == 0


def test_a_file_that_appears_later_is_read_then(small_shop, pictures):
    small_shop.list(("A", "vase.jpg"), ("B", "late.jpg"))
    assert small_shop.run().troubles == 1
    small_shop.put("late.jpg", pictures["soft"])
    summary = small_shop.run()
    assert (summary.decoded, summary.troubles) == (1, 0)
    assert small_shop.one("verdicts", source_uri="late.jpg")["asset_id"] is not None


def test_a_listing_removed_from_the_feed_disappears_with_all_that_was_said_of_it(shop, pictures):
    shop.put("vase.jpg", pictures["vase"])
    shop.list(*((f"L{number}", "vase.jpg") for number in range(6)))
    shop.run()
    shop.list(*((f"L{number}", "vase.jpg") for number in range(5)))
    shop.run()
    for name in ("listings", "placements", "verdicts", "galleries", "findings"):
        assert "L5" not in set(shop.table(name)["listing_id"]), name
    shop.list(*((f"L{number}", "vase.jpg") for number in range(6)))
    summary = shop.run()
    assert (summary.listings, summary.decoded) == (6, 0)


def test_many_listings_gone_at_once_must_be_allowed(run_shop):
    run_shop.list(("A", "vase.jpg"), ("A", "watch.jpg"))
    with pytest.raises(packshot.UsageError) as error:
        run_shop.run()
    assert "--accept-removals" in error.value.hint
    assert run_shop.table("listings").height == 3
    assert run_shop.table("verdicts").height == 4
    assert run_shop.run(accept_removals=True).listings == 1
    assert run_shop.table("placements").height == 2


def test_a_feed_that_lost_its_rows_needs_leave_too(run_shop):
    run_shop.list()
    with pytest.raises(packshot.UsageError):
        run_shop.run()
    assert run_shop.run(accept_removals=True).listings == 0
    assert run_shop.table("verdicts").is_empty()
    assert run_shop.table("galleries").is_empty()


def test_a_raised_version_measures_only_that_measure_anew(run_shop, monkeypatch):
    before = run_shop.table("measurements")
    monkeypatch.setattr(Noise, "version", Noise.version + 1)
    monkeypatch.setattr(Noise, "measure", lambda *_: {"noise_sigma": 0.125})
    from packshot.evaluate.measures.sharpness import Sharpness

    monkeypatch.setattr(Sharpness, "measure", lambda *_: pytest.fail("its rows are there"))
    assert run_shop.run().decoded == 4
    after = run_shop.table("measurements")
    assert set(after["noise_sigma"]) == {0.125}
    assert after.drop("noise_sigma").equals(before.drop("noise_sigma"))
    monkeypatch.undo()
    assert run_shop.run().decoded == 0
    assert run_shop.table("measurements").equals(before)


def test_a_measure_that_fails_is_a_trouble_and_the_placement_is_not_shown(small_shop, monkeypatch):
    def fails(*_):
        message = "no idea"
        raise ZeroDivisionError(message)

    monkeypatch.setattr(Noise, "measure", fails)
    summary = small_shop.run()
    assert (summary.decoded, summary.troubles, summary.verdicts["show"]) == (4, 4, 0)
    trouble = small_shop.one("troubles", source_uri="pan.jpg")
    assert (trouble["stage"], trouble["kind"], trouble["measure"]) == ("measure", "measure_failed", "noise")
    assert "no idea" in trouble["detail"]
    assert small_shop.table("measurements")["sharpness"].null_count() == 0
    monkeypatch.undo()
    assert small_shop.run().decoded == 0, "no retry mends it in this version"
    monkeypatch.setattr(Noise, "version", Noise.version + 1)
    summary = small_shop.run()
    assert (summary.decoded, summary.troubles, summary.verdicts["show"]) == (4, 0, 4)


def test_without_copies_no_originals_are_kept(uncopied):
    assert not [path for path in (uncopied.workspace / "blobs").rglob("*") if path.is_file()]
    assert set(uncopied.table("assets")["blob"]) == {"referenced"}
    assert uncopied.run(copy=False).decoded == 0


def test_copies_can_be_asked_for_later(uncopied):
    assert uncopied.run().decoded == 0
    assert set(uncopied.table("assets")["blob"]) == {"stored"}
    blobs = {path.read_bytes() for path in (uncopied.workspace / "blobs").rglob("*") if path.is_file()}
    assert blobs == {path.read_bytes() for path in uncopied.folder.glob("*.jpg")}


def test_a_lost_copy_is_made_anew(run_shop):
    blobs = [path for path in (run_shop.workspace / "blobs").rglob("*") if path.is_file()]
    blobs[0].unlink()
    assert run_shop.run().decoded == 0
    assert blobs[0].is_file()


def test_without_copies_a_file_that_changed_in_secret_is_a_trouble(uncopied, pictures, monkeypatch):
    path = uncopied.folder / "watch.jpg"
    stamp = path.stat()
    path.write_bytes(b"\xff" + pictures["watch"][1:-1] + b"\x00")
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    monkeypatch.setattr(Noise, "version", Noise.version + 1)
    summary = uncopied.run(copy=False)
    assert (summary.decoded, summary.troubles) == (3, 1)
    assert uncopied.one("troubles")["kind"] == "changed"
    assert uncopied.one("verdicts", source_uri="watch.jpg")["verdict"] == "review"
    path.write_bytes(pictures["soft"])
    summary = uncopied.run(copy=False)
    assert (summary.decoded, summary.troubles) == (1, 0)


def test_without_copies_a_replaced_file_is_simply_a_new_picture(uncopied, pictures):
    uncopied.put("watch.jpg", pictures["soft"])
    summary = uncopied.run(copy=False)
    assert (summary.decoded, summary.troubles) == (1, 0)


def test_two_addresses_of_one_picture_are_one_asset_even_when_one_changes(small_shop, pictures):
    small_shop.put("twin.jpg", pictures["vase"])
    small_shop.list(("A", "vase.jpg"), ("B", "twin.jpg"), ("C", "lamp.jpg"))
    assert small_shop.run().decoded == 2
    small_shop.put("twin.jpg", pictures["soft"])
    assert small_shop.run().decoded == 1
    placed = small_shop.table("placements")
    assert placed["asset_id"].n_unique() == 3
    assert small_shop.table("matches").filter(pl.col("kind") == "exact").is_empty()
