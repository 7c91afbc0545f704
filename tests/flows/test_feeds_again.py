"""What happens to a feed, and to the files that it names, between two runs and during one."""

import os

import pytest

import packshot
from packshot.collect import ingest


@pytest.fixture
def judged(monkeypatch):
    """How often placements were judged."""
    from packshot.pipeline import judge_step

    counted = []
    plain = judge_step.judge_all
    monkeypatch.setattr(judge_step, "judge_all", lambda *given: counted.append(1) or plain(*given))
    return counted


def rows_of(number):
    return [(f"L{n}", name) for n in range(number) for name in ("vase.jpg", "pan.jpg")]


def run_once(shop, pictures):
    for name in ("vase", "pan"):
        shop.put(f"{name}.jpg", pictures[name])
    shop.list(*rows_of(10))
    shop.run()


@pytest.fixture
def many(prepared, pictures):
    """Ten listings with two pictures each, of two files."""
    return prepared(run_once, pictures)


def changes(shop):
    with shop.opened() as place:
        return place.delta()


def test_an_unchanged_feed_costs_nothing(run_shop, judged):
    versions = len(list((run_shop.workspace / "tables/placements.lance/_versions").iterdir()))
    run_shop.feed.touch()
    assert run_shop.run().decoded == 0
    assert judged == []
    assert len(list((run_shop.workspace / "tables/placements.lance/_versions").iterdir())) == versions


def test_a_feed_in_another_order_is_the_same_feed(run_shop, judged):
    run_shop.list(("C", "lamp.jpg"), ("A", "vase.jpg"), ("B", "pan.jpg"), ("A", "watch.jpg"))
    run_shop.run()
    assert judged == []
    assert changes(run_shop).is_empty


def run_stamped(shop, pictures):
    path = shop.put("watch.jpg", pictures["watch"] + b"\0" * 8)
    os.utime(path, ns=(10**18, 10**18))
    shop.list(("A", "watch.jpg"))
    shop.run()


@pytest.mark.parametrize("seconds", [0, -86_400], ids=["within the same second", "with an older time"])
def test_other_bytes_of_the_same_length_under_the_same_name_are_seen(prepared, pictures, seconds, judged):
    shop = prepared(run_stamped, pictures)
    judged.clear()
    path = shop.put("watch.jpg", pictures["watch"] + b"\1" * 8)
    os.utime(path, ns=(10**18, 10**18 + seconds * 10**9 + 1))
    assert shop.run().decoded == 1
    assert changes(shop).counts["picture"] == {"replaced": 1}
    assert len(judged) == 1


def test_a_file_that_grows_while_it_is_read_is_read_again(small_shop, monkeypatch):
    path, plain = small_shop.folder / "watch.jpg", ingest._stamp

    def growing(descriptor):
        found = plain(descriptor)
        if os.fstat(descriptor).st_ino == path.stat().st_ino:
            with path.open("ab") as file:
                file.write(b"\0")
        return found

    monkeypatch.setattr(ingest, "_stamp", growing)
    assert small_shop.run().troubles == 1
    assert small_shop.one("troubles")["kind"] == "changed"
    assert small_shop.one("verdicts", source_uri="watch.jpg")["verdict"] == "review"
    monkeypatch.undo()
    summary = small_shop.run()
    assert (summary.troubles, summary.decoded) == (0, 1)
    assert changes(small_shop).counts["picture"] == {"arrived": 1}


def test_a_file_that_vanishes_before_it_is_read_costs_itself_only(small_shop, monkeypatch):
    plain = ingest.open_inside

    def vanishing(path, base):
        if path.name == "watch.jpg":
            path.unlink(missing_ok=True)
        return plain(path, base)

    monkeypatch.setattr(ingest, "open_inside", vanishing)
    summary = small_shop.run()
    assert (summary.decoded, summary.troubles) == (3, 1)
    assert small_shop.one("troubles")["kind"] == "not_found"


def test_half_a_feed_changes_nothing(many):
    whole = many.feed.read_bytes()
    many.feed.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(packshot.UsageError) as error:
        many.run()
    assert "--accept-removals" in error.value.hint
    assert many.table("listings").height == 10
    many.feed.write_bytes(whole)
    assert many.run().placements == 20
    assert changes(many).is_empty


def test_a_feed_cut_in_its_last_row_loses_that_row_only(many):
    whole = many.feed.read_bytes()
    many.feed.write_bytes(whole[: whole.rindex(b"pan.jpg") + 3])
    many.run()
    found = changes(many)
    assert found.counts["placement"] == {"gone": 1}
    assert found.counts["trouble"] == {"new": 1}
    many.feed.write_bytes(whole)
    many.run()
    assert changes(many).counts["trouble"] == {"solved": 1}


def test_listings_that_stay_while_their_pictures_go_need_leave(many):
    many.list(*((listing, name) for listing, name in rows_of(10) if name == "vase.jpg"))
    with pytest.raises(packshot.UsageError) as error:
        many.run()
    assert "10 of 20 pictures" in error.value.message
    assert many.table("placements").height == 20
    assert many.run(accept_removals=True).placements == 10


def test_pictures_at_other_addresses_are_no_loss(many, pictures):
    many.put("new/vase.jpg", pictures["vase"])
    many.put("new/pan.jpg", pictures["pan"])
    many.list(*((listing, f"new/{name}") for listing, name in rows_of(10)))
    summary = many.run()
    assert (summary.placements, summary.decoded) == (20, 0)
    assert changes(many).counts["placement"] == {"new": 20, "gone": 20}


def test_a_renamed_column_is_told(many):
    text = many.feed.read_text(encoding="utf-8")
    many.feed.write_text(text.replace("title", "headline_text", 1), encoding="utf-8")
    summary = many.run()
    assert any("lost their title" in note and "--map title=" in note for note in summary.notes)
    assert changes(many).counts["listing"] == {"changed": 10}
    assert not any("title" in note for note in many.run().notes)


def test_a_picture_moved_to_another_listing_decodes_nothing(run_shop):
    run_shop.list(("A", "vase.jpg"), ("B", "watch.jpg"), ("B", "pan.jpg"), ("C", "lamp.jpg"))
    assert run_shop.run().decoded == 0
    found = changes(run_shop)
    assert found.counts["placement"] == {"new": 1, "gone": 1, "moved": 1}
    placed = found.changes.filter(what="placement", source_uri="watch.jpg")
    why = {row["change"]: row["why"] for row in placed.rows(named=True)}
    assert why == {"new": ["on the listing A before"], "gone": ["on the listing B now"]}


def test_two_feeds_with_the_same_listing_id_stand_beside_each_other(run_shop, pictures):
    other = run_shop.folder / "other.csv"
    other.write_text("product_id,title,image_path\nA,Another A,soft.jpg\n", encoding="utf-8")
    run_shop.put("soft.jpg", pictures["soft"])
    run_shop.run(other)
    found = changes(run_shop)
    assert found.counts["listing"] == {"new": 1}
    assert found.counts["placement"] == {"new": 1}
    assert run_shop.table("listings")["listing_id"].sort().to_list() == ["A", "A", "B", "C"]
    other.write_text("product_id,title,image_path\n", encoding="utf-8")
    run_shop.run(other, accept_removals=True)
    assert changes(run_shop).counts["listing"] == {"gone": 1}
    assert run_shop.table("placements").height == 4
