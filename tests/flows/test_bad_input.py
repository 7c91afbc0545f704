import errno
import importlib
import importlib.util
import os
import shutil
import subprocess

import polars as pl
import pytest

import packshot
from packshot.storage.blobs import BlobStore, blob_id

HTML = b"<!doctype html><html><body>404: no such picture</body></html>"


def accounted_for(shop):
    """Every placement has one verdict, and none with trouble is shown."""
    placed, verdicts, troubles = (shop.table(name) for name in ("placements", "verdicts", "troubles"))
    assert sorted(verdicts["placement_id"]) == sorted(placed["placement_id"])
    lost = verdicts.filter(pl.col("asset_id").is_null() & (pl.col("verdict") == "show"))
    assert lost.is_empty()
    assert verdicts.filter(pl.col("asset_id").is_null()).join(troubles, on="placement_id", how="anti").is_empty()
    shown = verdicts.filter(pl.col("verdict") == "show")
    assert shown.join(troubles, on="placement_id", how="semi").is_empty()
    return dict(troubles.select("source_uri", "kind").iter_rows())


def test_every_kind_of_bad_file_is_a_trouble_of_its_kind_and_the_others_go_on(small_shop, pictures):
    vase = pictures["vase"]
    small_shop.put("page.jpg", HTML)
    small_shop.put("empty.jpg", b"")
    small_shop.put("cut.jpg", vase[:200])
    small_shop.put("noise.jpg", os.urandom(3000))
    small_shop.put("words.png", b"just some words")
    (small_shop.folder / "folder.jpg").mkdir()
    os.mkfifo(small_shop.folder / "pipe.jpg")
    secret = small_shop.folder.parent / "secret.jpg"
    secret.write_bytes(vase)
    (small_shop.folder / "link.jpg").symlink_to(secret)
    (small_shop.folder / "round.jpg").symlink_to("round.jpg")
    names = {
        "page.jpg": "not_an_image", "empty.jpg": "empty", "cut.jpg": "truncated", "noise.jpg": "not_an_image",
        "words.png": "not_an_image", "folder.jpg": "refused", "pipe.jpg": "refused", "link.jpg": "refused",
        "round.jpg": "not_found", "none.jpg": "not_found", "../secret.jpg": "refused", "/etc/passwd": "refused",
        "file:///etc/passwd": "refused", "https://127.0.0.1/a.jpg": "refused", "a/../../secret.jpg": "refused",
    }  # fmt: skip
    small_shop.list(("fine", "vase.jpg"), *((f"L{number}", name) for number, name in enumerate(names)))
    summary = small_shop.run(report=True)
    told = accounted_for(small_shop)
    assert {name: told.get(name) for name in names} == names
    assert (summary.placements, summary.placements_with_trouble, summary.verdicts["show"]) == (16, 15, 1)
    kinds = {kind: (count, example) for kind, count, example in summary.trouble_kinds}
    assert kinds["not_found"] == (2, "the symbolic link goes round in circles")
    assert sum(count for count, _ in kinds.values()) == summary.troubles
    again = small_shop.run()
    assert (again.decoded, again.troubles) == (0, summary.troubles)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_unreachable(small_shop):
    (small_shop.folder / "pan.jpg").chmod(0)
    small_shop.run()
    assert accounted_for(small_shop) == {"pan.jpg": "unreachable"}


def test_odd_names_come_through_whole(shop, pictures):
    names = [
        "new\nline.jpg",
        'quo"te, comma.jpg',
        "<b>bold</b>.jpg",
        "größe é.jpg",
        "a;b'c.jpg",
        " space .jpg",
        "%41.jpg",
    ]
    for name, data in zip(names, [*pictures.values(), pictures["vase"]], strict=True):
        shop.put(name, data)
    summary = shop.run(shop.folder, report=True)
    assert (summary.placements, summary.assets, summary.troubles) == (7, 6, 0)
    accounted_for(shop)
    pages = "".join(page.read_text() for page in (shop.workspace / "report").rglob("*.html"))
    assert "<b>bold" not in pages


def test_names_of_the_feed_are_found_as_they_are_written(shop, pictures):
    for name in ("new\nline.jpg", 'quo"te, comma.jpg', "größe.jpg"):
        shop.put(name, pictures["vase"])
    shop.list(("A", "new\nline.jpg"), ("B", 'quo"te, comma.jpg'), ("C", "größe.jpg"))
    assert shop.run().troubles == 0


def test_a_name_that_is_no_text_is_read_from_a_folder(shop, pictures):
    with open(os.fsencode(shop.folder) + b"/\xff\xfe.jpg", "wb") as file:  # noqa: PTH123 - the name is bytes
        file.write(pictures["vase"])
    assert shop.run(shop.folder).troubles == 0
    accounted_for(shop)
    assert shop.table("assets").height == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02\x03" * 100, ""),
        (b"title,colour\nMug,blue\n", "image"),
        (b"product_id,title\n1,Mug\n", "image"),
        (b"\xff\xfe\x00\xd8", ""),
    ],
)
def test_a_feed_that_cannot_be_read_as_a_whole_is_refused_and_what_was_there_stays(run_shop, text, words):
    run_shop.feed.write_bytes(text)
    with pytest.raises(packshot.PackshotError) as error:
        run_shop.run()
    assert isinstance(error.value, packshot.UsageError)
    assert words in str(error.value)
    assert error.value.hint
    assert run_shop.table("verdicts").height == 4


def test_bad_rows_are_troubles_and_the_others_count(small_shop):
    small_shop.feed.write_bytes(
        "product_id,title,image_path\nA,Gr\xf6\xdfe,vase.jpg\n,no id,watch.jpg\nB,,\nC,short\nD,Lamp,lamp.jpg\n".encode(
            "latin-1"
        )
    )
    summary = small_shop.run()
    assert summary.placements == 2
    assert small_shop.one("listings", listing_id="A")["title"] == "Größe"
    assert "bad_row" in set(small_shop.table("troubles")["kind"])
    assert summary.placements_with_trouble == 0


def test_double_ids_are_one_listing_with_all_its_pictures(small_shop):
    small_shop.list(("A", "vase.jpg"), ("B", "pan.jpg"), ("A", "watch.jpg"), ("A", "vase.jpg"))
    summary = small_shop.run()
    assert summary.listings == 2
    assert small_shop.table("listings")["listing_id"].to_list() == ["A", "B"]
    accounted_for(small_shop)


def test_a_picture_placed_three_times_is_decoded_once_and_matched_exactly(small_shop):
    small_shop.list(("A", "vase.jpg"), ("B", "vase.jpg"), ("C", "vase.jpg"))
    summary = small_shop.run()
    assert (summary.placements, summary.assets, summary.decoded, summary.clusters, summary.placed_again) == (
        3,
        1,
        1,
        0,
        1,
    )
    match = small_shop.one("matches")
    assert (match["kind"], match["asset_a"]) == ("exact", match["asset_b"])
    assert small_shop.table("verdicts").height == 3


def test_a_feed_without_rows_and_one_without_pictures_are_runs_that_find_nothing(shop):
    shop.list()
    summary = shop.run(report=True)
    assert (summary.listings, summary.placements, summary.decoded) == (0, 0, 0)
    shop.list(("A", ""), ("B", ""))
    summary = shop.run(report=True)
    assert (summary.listings, summary.placements) == (2, 0)
    assert shop.table("galleries").filter(pl.col("slot") == "main")["asset_id"].to_list() == [None, None]
    for name in ("measurements", "matches", "clusters", "verdicts", "assets"):
        assert shop.table(name).is_empty(), name


def test_a_file_that_kills_its_worker_is_a_trouble_and_costs_nobody_else(small_shop, pictures):
    small_shop.deadly = {blob_id(pictures["pan"])}
    summary = small_shop.run()
    assert (summary.decoded, summary.troubles) == (3, 1)
    assert accounted_for(small_shop) == {"pan.jpg": "crashed"}
    assert small_shop.run().decoded == 0
    assert accounted_for(small_shop) == {"pan.jpg": "crashed"}


def test_a_file_that_kills_the_worker_that_reads_it_is_a_trouble_until_it_can_be_read(small_shop):
    small_shop.deadly = {"pan.jpg"}
    assert small_shop.run().decoded == 3
    assert accounted_for(small_shop) == {"pan.jpg": "crashed"}
    small_shop.deadly = frozenset()
    assert small_shop.run().decoded == 1
    assert accounted_for(small_shop) == {}


def test_equal_faults_of_different_files_are_as_many_troubles(shop):
    for name in ("one", "two", "three"):
        shop.put(name, b"\x00\x01\x02\x03" * 50)
    assert shop.run(shop.folder).troubles == 3


def test_an_empty_folder_is_a_run_that_finds_nothing(shop):
    assert shop.run(shop.folder).placements == 0


def test_a_workspace_inside_the_folder_that_is_read_is_not_read_again(small_shop):
    small_shop.feed.unlink()
    small_shop.workspace = small_shop.folder / "made here"
    first = small_shop.run(small_shop.folder, report=True)
    again = small_shop.run(small_shop.folder, report=True)
    assert (first.placements, again.placements, again.decoded) == (4, 4, 0)


@pytest.mark.parametrize("copied", [True, False])
def test_the_folder_may_be_read_only(small_shop, copied):
    small_shop.folder.chmod(0o555)
    try:
        assert small_shop.run(copy=copied).troubles == 0
    finally:
        small_shop.folder.chmod(0o755)


def test_what_is_no_workspace_is_not_touched(tmp_path, shop):
    file = tmp_path / "file"
    file.write_text("mine")
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("mine")
    for path in (file, other, file / "below"):
        with pytest.raises(packshot.WorkspaceError) as error:
            packshot.open(path)
        assert error.value.hint
    with pytest.raises(packshot.WorkspaceError) as error:
        packshot.Workspace(tmp_path / "none")
    assert "packshot run" in error.value.hint
    assert not (tmp_path / "none").exists()
    assert [path.name for path in other.iterdir()] == ["thesis.txt"]
    with pytest.raises(packshot.SourceError):
        shop.run(shop.folder / "feeds.csv")
    assert file.read_text() == "mine"


def test_a_damaged_catalog_is_named(run_shop):
    (run_shop.workspace / "catalog.sqlite").write_bytes(b"not a database at all" * 100)
    with pytest.raises(packshot.WorkspaceError) as error:
        run_shop.run()
    assert "damaged" in error.value.message


def test_what_is_not_installed_is_told_before_there_is_a_workspace(command, small_shop, monkeypatch):
    def lacks(name, *given):
        if name in {"ray", "psycopg"}:
            raise ModuleNotFoundError(name=name)
        return plain(name, *given)

    plain, find = importlib.import_module, importlib.util.find_spec
    monkeypatch.setattr(importlib, "import_module", lacks)
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *given: None if name == "psycopg" else find(name, *given)
    )
    for asked, extra in (
        (("--engine", "ray"), "ray"),
        (("--catalog", "postgresql+psycopg://u:secret@h/db"), "postgres"),
    ):
        ended = command("run", small_shop.feed, "-w", small_shop.workspace, *asked)
        assert ended.code == 1
        assert f"packshot[{extra}]" in ended.err
        assert "secret" not in ended.err
        assert not small_shop.workspace.exists()


def test_a_disk_that_fills_up_stops_the_run_and_the_next_one_goes_on(small_shop, monkeypatch):
    small_shop.list(("A", "vase.jpg"), ("A", "watch.jpg"))
    small_shop.run()
    small_shop.list(("A", "vase.jpg"), ("A", "watch.jpg"), ("B", "pan.jpg"), ("C", "lamp.jpg"))

    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("packshot.storage.folder.write_whole", full)
    with pytest.raises(packshot.WorkspaceError) as error:
        small_shop.run()
    assert "full" in error.value.message
    assert BlobStore(small_shop.workspace / "blobs").exists(small_shop.table("assets")["asset_id"][0])
    assert small_shop.table("verdicts").height == 2
    monkeypatch.undo()
    assert small_shop.run().decoded == 2
    assert accounted_for(small_shop) == {}


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 1.2 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if os.geteuid() != 0 or mount is None or umount is None:
        pytest.skip("only root can mount a small disk")
    made = subprocess.run([mount, "-t", "tmpfs", "-o", "size=1200k", "tmpfs", place], check=False, capture_output=True)
    if made.returncode:
        pytest.skip("this machine does not let a small disk be mounted")
    yield place
    subprocess.run([umount, "-l", place], check=True)


def test_a_small_disk_is_told_and_a_larger_one_goes_on_from_there(small_disk, shop, plain_pictures, tmp_path):
    for number in range(120):
        shop.put(f"p{number}.jpg", plain_pictures(number, 300))
    shop.workspace = small_disk / "workspace"
    with pytest.raises(packshot.WorkspaceError) as error:
        shop.run(shop.folder)
    assert "full" in error.value.message
    larger = tmp_path / "larger"
    shutil.copytree(shop.workspace, larger)
    shop.workspace = larger
    assert shop.run(shop.folder).placements == 120
    assert accounted_for(shop) == {}
