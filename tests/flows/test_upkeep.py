import pytest

from packshot.core.errors import UsageError
from packshot.pipeline.waste import Keeping
from packshot.storage.catalog_tables import TombstoneKind

EVERYTHING = Keeping(judgements=1, days=0.0, grace_hours=0.0)
SHOWN = ("listings", "placements", "assets", "measurements", "matches", "clusters", "findings", "verdicts", "galleries")


def shown(shop):
    return {name: sorted(map(repr, shop.table(name).rows(named=True))) for name in SHOWN}


def judgements(shop):
    with shop.opened() as place:
        return {row.judgement_id for row in place._stores.catalog.judgements()}


def tables(shop, prefix):
    with shop.opened() as place:
        return {name.split("/")[1] for name in place._stores.tables.names(prefix)}


def gc(shop, keeping=EVERYTHING, **options):
    with shop.opened() as place:
        return place.gc(keeping, **options)


def judged_four_times(shop, pictures):
    for name in ("watch", "pan", "lamp"):
        shop.put(f"{name}.jpg", pictures[name])
    shop.list(("A", "vase.jpg"), ("A", "watch.jpg"), ("B", "pan.jpg"), ("C", "lamp.jpg"))
    for name in ("vase", "soft", "dark", "watch"):
        shop.put("vase.jpg", pictures[name])
        shop.run()
    return shown(shop)


@pytest.fixture
def old_shop(prepared, pictures):
    """Judged four times, each time with another picture; what it shows is `old_shop.first`."""
    return prepared(judged_four_times, pictures)


def test_old_judgements_go_and_what_is_shown_stays(old_shop):
    assert len(judgements(old_shop)) == 4
    planned = gc(old_shop, dry_run=True)
    assert planned.judgements == 2
    assert len(judgements(old_shop)) == 4, "a dry run changes nothing"
    swept = gc(old_shop)
    assert swept.judgements == 2
    assert len(judgements(old_shop)) == 2, "the last two runs can be compared"
    assert tables(old_shop, "judgements/") == tables(old_shop, "choices/") == judgements(old_shop)
    assert shown(old_shop) == old_shop.first
    again = gc(old_shop)
    assert (again.judgements, again.tables, again.blobs, again.thumbnails) == (0, 0, 0, 0)


def test_a_clean_up_makes_nothing_stale(old_shop):
    before = judgements(old_shop)
    assert "fetches" in gc(old_shop).compacted
    summary = old_shop.run()
    assert summary.decoded == 0
    assert judgements(old_shop) <= before, "compacted tables hold the same rows: nothing is judged again"
    with old_shop.opened() as place:
        assert place.delta().is_empty


def test_files_without_a_name_go_when_they_are_old(old_shop):
    with old_shop.opened() as place:
        stray = place._stores.blobs.put(b"written, and never named")
        assert gc(old_shop, Keeping()).blobs == 0
        gone = gc(old_shop)
        assert (gone.blobs, gone.blob_bytes) == (1, len(b"written, and never named"))
        assert not place._stores.blobs.exists(stray)
    assert old_shop.run().troubles == 0


def test_readings_that_were_never_finished_go_with_their_rows(old_shop, monkeypatch):
    with old_shop.opened() as place:
        stores = place._stores
        rows = stores.tables.read("listings")
        snapshot = stores.catalog.begin_snapshot(rows["source_id"][0].as_py(), "half")
        index = rows.schema.get_field_index("snapshot_id")
        half = rows.slice(0, 1).set_column(index, rows.schema.field(index), [[snapshot]])
        stores.tables.append("listings", half)
        before = stores.tables.read("listings").num_rows
        monkeypatch.setattr(type(stores.catalog), "abandoned_snapshots", lambda _: [snapshot])
        assert gc(old_shop).snapshots == 1
        assert stores.tables.read("listings").num_rows == before - 1
        assert snapshot not in stores.tables.read("listings")["snapshot_id"].to_pylist()


def test_nothing_is_deleted_under_a_run(old_shop):
    with old_shop.opened() as place:
        run_id = place._stores.catalog.start_run("plan", {})
        for act in (lambda: place.gc(EVERYTHING), lambda: place.forget(["A"], because="test")):
            with pytest.raises(UsageError, match=run_id):
                act()


def test_a_killed_clean_up_is_finished_by_the_next(old_shop, shell, monkeypatch):
    monkeypatch.setenv("PACKSHOT_FAULT", "drop:renamed=kill")
    process = shell("gc", "-w", old_shop.workspace, "--keep-days", "0", "--keep-judgements", "1", "--grace-hours", "0")
    process.communicate(timeout=60)
    assert process.returncode == -9
    monkeypatch.delenv("PACKSHOT_FAULT")
    assert len(judgements(old_shop)) == 2
    assert gc(old_shop).tables > 0
    assert tables(old_shop, "judgements/") == judgements(old_shop)
    assert shown(old_shop) == old_shop.first


@pytest.mark.parametrize("point", ["compact:data-written", "compact:committed", "clean:before"])
def test_killed_while_tables_are_compacted_nothing_is_lost(old_shop, shell, monkeypatch, point):
    monkeypatch.setenv("PACKSHOT_FAULT", f"{point}=kill")
    process = shell("gc", "-w", old_shop.workspace, "--grace-hours", "0")
    process.communicate(timeout=60)
    assert process.returncode == -9
    monkeypatch.delenv("PACKSHOT_FAULT")
    gc(old_shop)
    assert shown(old_shop) == old_shop.first
    assert old_shop.run().decoded == 0


def bytes_of(folder, needle):
    """The files below `folder` that hold `needle`."""
    return [path for path in folder.rglob("*") if path.is_file() and needle in path.read_bytes()]


def test_a_forgotten_picture_leaves_nothing_behind_and_is_refused(run_shop):
    victim = run_shop.one("placements", source_uri="vase.jpg")["asset_id"]
    assert bytes_of(run_shop.workspace, victim.encode())
    with run_shop.opened() as place:
        planned = place.forget([victim], because="a person asked", dry_run=True)
        assert planned.rows["measurements"] == 1
        assert place._stores.blobs.exists(victim)
        place.forget([victim], because="a person asked")
        assert not place._stores.blobs.exists(victim)
        assert not place._stores.thumbnails.exists(victim)
    left = {path.name for path in bytes_of(run_shop.workspace, victim.encode())}
    assert left <= {"catalog.sqlite", "catalog.sqlite-wal"}, "only the tombstone names it"
    summary = run_shop.run()
    assert summary.decoded == 0
    (trouble,) = run_shop.table("troubles").rows(named=True)
    assert (trouble["kind"], trouble["source_uri"]) == ("refused", "vase.jpg")
    assert run_shop.one("verdicts", source_uri="vase.jpg")["verdict"] == "review"
    assert not bytes_of(run_shop.workspace / "blobs", victim.encode())
    assert run_shop.run().decoded == 0


def test_a_forgotten_listing_goes_with_its_own_pictures(run_shop):
    with run_shop.opened() as place:
        found = place.forget(["A"], because="withdrawn")
    assert len(found.assets) == 2
    assert "A" not in run_shop.table("listings")["listing_id"].to_list()
    run_shop.list(("A", "vase.jpg"), ("A", "watch.jpg"), ("B", "pan.jpg"), ("C", "lamp.jpg"), ("D", "pan.jpg"))
    run_shop.run()
    assert run_shop.table("listings")["listing_id"].sort().to_list() == ["B", "C", "D"]
    (trouble,) = run_shop.table("troubles").rows(named=True)
    assert trouble["kind"] == "refused"
    assert "'A'" in trouble["detail"]


def test_a_report_that_shows_what_is_forgotten_goes(small_shop):
    small_shop.run(report=True)
    victim = small_shop.one("placements", source_uri="vase.jpg")["asset_id"]
    assert list((small_shop.workspace / "report").rglob(f"{victim}*"))
    with small_shop.opened() as place:
        place.forget([victim], because="a person asked")
    assert not (small_shop.workspace / "report").exists()
    small_shop.run(report=True)
    assert not list((small_shop.workspace / "report").rglob(f"{victim}*"))


def test_a_forgotten_address_keeps_what_others_show(small_shop, pictures):
    small_shop.put("again.jpg", pictures["vase"])
    small_shop.list(("A", "vase.jpg"), ("A", "watch.jpg"), ("B", "again.jpg"), ("C", "lamp.jpg"))
    small_shop.run()
    with small_shop.opened() as place:
        found = place.forget(["vase.jpg"], because="not ours")
        assert found.assets == ()
        assert len(found.shared) == 1
        assert place._stores.catalog.tombstones(TombstoneKind.URI)
    assert small_shop.table("placements")["source_uri"].sort().to_list() == ["again.jpg", "lamp.jpg", "watch.jpg"]
    assert not bytes_of(small_shop.workspace / "tables", b"vase.jpg"), "no judgement names it either"


def test_names_that_nobody_knows_or_that_stand_for_two_things(small_shop, command):
    small_shop.list(("vase.jpg", "vase.jpg"), ("B", "pan.jpg"))
    small_shop.run()
    with small_shop.opened() as place:
        with pytest.raises(UsageError, match="no asset, address or listing 'nothing'"):
            place.forget(["nothing"], because="test")
        with pytest.raises(UsageError, match="more than one thing"):
            place.forget(["vase.jpg"], because="test")
        assert place.forget(["vase.jpg"], kind="uri", because="test", dry_run=True).subjects
    ended = command("forget", "B", "-w", small_shop.workspace, "--because", "test", "--json")
    assert ended.code == 0
    assert '"listing"' in ended.out
    assert command("gc", "-w", small_shop.workspace, "--dry-run").code == 0


def test_a_forgetting_that_was_killed_is_finished_by_the_same_command(run_shop, shell, command, monkeypatch):
    victim = run_shop.one("placements", source_uri="vase.jpg")["asset_id"]
    monkeypatch.setenv("PACKSHOT_FAULT", "remove:committed:2=kill")
    said = ("forget", victim, "-w", run_shop.workspace, "--because", "a person asked", "--yes")
    process = shell(*said)
    process.communicate(timeout=60)
    assert process.returncode == -9
    assert victim in _tombstones(run_shop)
    monkeypatch.delenv("PACKSHOT_FAULT")
    assert command(*said).code == 0
    left = {path.name for path in bytes_of(run_shop.workspace, victim.encode())}
    assert left <= {"catalog.sqlite", "catalog.sqlite-wal"}


def _tombstones(shop):
    with shop.opened() as place:
        return place._stores.catalog.tombstones(TombstoneKind.ASSET)


def test_young_versions_stay_for_their_readers(old_shop):
    with old_shop.opened() as place:
        versions = {version.number for version in place._stores.tables.versions("fetches")}
        gc(old_shop, Keeping())
        assert versions <= {version.number for version in place._stores.tables.versions("fetches")}
        gc(old_shop)
        assert not versions <= {version.number for version in place._stores.tables.versions("fetches")}
