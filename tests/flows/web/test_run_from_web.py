import json
import time
import zipfile
from dataclasses import replace
from typing import NamedTuple

import polars as pl
import pytest
from click.testing import CliRunner

import packshot
from packshot.cli import app
from packshot.collect.fetch import _fetcher
from packshot.collect.opening import open_source
from packshot.collect.web import waits
from packshot.collect.web.settings import WebSettings
from packshot.pipeline.collect_step import addresses_of_source, collect
from packshot.pipeline.current_rows import current_troubles, placed
from packshot.pipeline.fetch_step import fetch
from packshot.pipeline.job import Job
from packshot.storage.schemas import ASSETS, FETCHES
from packshot.telemetry import Silent

from .conftest import answer

BUSY = answer(b"", "503 Busy")
GONE = answer(b"", "404 No")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(waits, "FIRST_SECONDS", 0.01)
    yield
    _fetcher.cache_clear()


@pytest.fixture
def web(server):
    """What allows the server, and finds every picture due for a look."""
    return WebSettings(
        allow_networks=("127.0.0.1/32",), ports=(80, 443, server.port), refresh_seconds=0, tries=1, total_seconds=20
    )


@pytest.fixture
def online(server, shop, pictures):
    """A shop whose feed names pictures on the web, by addresses with secrets."""
    for name in ("vase", "pan"):
        server.answers[f"/{name}.jpg"] = answer(pictures[name], ETag=f'"{name}"')
    secret = f"http://me:hush@127.0.0.1:{server.port}"
    shop.list(("A", f"{secret}/vase.jpg?X-Amz-Signature=hush1"), ("B", f"{secret}/pan.jpg?key=hush"), ("C", "lamp.jpg"))
    shop.put("lamp.jpg", pictures["lamp"])
    return shop


class Fetched(NamedTuple):
    """What collecting and fetching alone left: the tables as they stand, and what stands though it was not had."""

    fetches: pl.DataFrame
    assets: pl.DataFrame
    troubles: dict
    stale: int


def fetch_alone(shop, web, source=None, *, copy=True):
    """The first two steps of a run; what lies before and behind them has its own tests."""
    with shop.opened(create=True) as place:
        stores = place._stores
        opened = open_source(source or shop.feed, web=web)
        job = Job(f"run {time.time_ns()}", stores, place._engine, Silent())
        collect(job, opened)
        addresses = addresses_of_source(stores, opened.source_id)
        stale = fetch(job, addresses, opened.base, copy=copy, originals=opened.originals)
        troubles = current_troubles(stores, placed(stores).placements).select("listing_id", "kind")
        tables = (stores.frame("fetches", FETCHES), stores.frame("assets", ASSETS))
        return Fetched(*tables, dict(troubles.rows()), stale)


def secrets_in(folder):
    """The files that hold what no file may hold."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return [path for path in files if b"hush" in path.read_bytes()]


def tell_nothing_changed(server, pictures):
    for name in ("vase", "pan"):

        def unchanged(_, request, __, name=name):
            same = request.headers.get("if-none-match") == f'"{name}"'
            return answer(b"", "304 Same", Content_Length=None) if same else answer(pictures[name], ETag=f'"{name}"')

        server.answers[f"/{name}.jpg"] = unchanged


def test_pictures_on_the_web_are_fetched_beside_files_and_secrets_stay_out(server, online, web):
    summary = online.run(web=web)
    assert (summary.decoded, summary.troubles) == (3, 0)
    assert sorted(server.paths()) == ["/pan.jpg?key=hush", "/vase.jpg?X-Amz-Signature=hush1"]
    assert server.asked[0].headers["authorization"].startswith("Basic ")
    shown = sorted(online.table("placements")["source_uri"])
    assert shown == sorted(
        [f"http://127.0.0.1:{server.port}/pan.jpg?key=***", f"http://127.0.0.1:{server.port}/vase.jpg", "lamp.jpg"]
    )
    assert secrets_in(online.workspace) == []


def test_again_only_what_changed_is_fetched_and_nothing_at_all_within_the_hour(server, online, web, pictures):
    fetch_alone(online, web)
    tell_nothing_changed(server, pictures)
    server.asked.clear()
    assert fetch_alone(online, replace(web, refresh_seconds=3600)).fetches.height == 3
    assert server.asked == []
    found = fetch_alone(online, web)
    assert (found.fetches.height, found.assets.height, len(server.asked)) == (5, 3, 2)
    server.answers["/pan.jpg"] = answer(pictures["watch"], ETag='"new"')
    found = fetch_alone(online, web)
    assert '"new"' in found.fetches["etag"].to_list()[-2:]
    assert found.assets["asset_id"].n_unique() == 4


def test_a_picture_whose_bytes_were_lost_is_asked_for_whole(server, online, web, pictures):
    fetch_alone(online, web)
    tell_nothing_changed(server, pictures)
    for path in (online.workspace / "blobs").rglob("*"):
        if path.is_file():
            path.unlink()
    assert fetch_alone(online, replace(web, refresh_seconds=3600)).troubles == {}
    assert all("if-none-match" not in request.headers for request in server.asked)
    assert sum(path.is_file() for path in (online.workspace / "blobs").rglob("*")) == 3


def test_a_picture_that_was_had_stands_through_an_outage_and_is_gone_when_twice_not_there(server, online, web):
    fetch_alone(online, web)
    good = server.answers["/pan.jpg"]
    server.answers["/pan.jpg"] = BUSY
    found = fetch_alone(online, web)
    assert (found.troubles, found.stale) == ({}, 1)
    server.answers["/pan.jpg"] = GONE
    found = fetch_alone(online, web)
    assert (found.troubles, found.stale) == ({}, 1)
    found = fetch_alone(online, web)
    assert (found.troubles, found.stale) == ({"B": "not_found"}, 0)
    before = found.fetches.height
    found = fetch_alone(online, web)
    assert found.troubles == {"B": "not_found"}
    assert found.fetches.height == before + 1, "the other was looked at again; that this is still gone is no news"
    server.answers["/pan.jpg"] = good
    found = fetch_alone(online, web)
    assert (found.troubles, found.stale) == ({}, 0)


def test_what_was_never_had_is_a_trouble_at_once_with_its_kind(server, shop, web, pictures):
    server.answers |= {
        "/big.jpg": answer(b"", Content_Length=str(10**12)),
        "/busy.jpg": BUSY,
        "/away.jpg": answer(b"", "302 Found", Location="http://169.254.169.254/latest"),
        "/fine.jpg": answer(pictures["vase"], Content_Type="text/html"),
    }
    kinds = {"big": "too_large", "busy": "unreachable", "away": "refused", "gone": "not_found"}
    shop.list(("fine", server.url("/fine.jpg")), *((name, server.url(f"/{name}.jpg")) for name in kinds))
    found = fetch_alone(shop, web)
    assert (found.troubles, found.stale) == (kinds, 0)
    assert found.assets["format"].to_list() == ["jpeg"], "what it is, its bytes say"
    assert fetch_alone(shop, web).troubles == kinds


def test_a_feed_on_the_web_is_read_and_its_own_pictures_lie_beside_it(server, shop, web, pictures):
    rows = b"id,image\nA,a.jpg\nB,../b.jpg\nC,/etc/passwd\nD,file:///etc/passwd\nE,s3://x/y.jpg\nF,//[x\n"
    server.answers |= {
        "/feeds/shop.csv": answer(rows),
        "/feeds/a.jpg": answer(pictures["vase"]),
        "/b.jpg": answer(pictures["pan"]),
    }
    feed = server.url("/feeds/shop.csv?token=hush", host="me:hush@127.0.0.1")
    found = fetch_alone(shop, web, feed)
    assert (found.assets.height, found.troubles) == (
        2,
        {"C": "not_found", "D": "refused", "E": "refused", "F": "refused"},
    )
    signed = {request.path: "authorization" in request.headers for request in server.asked}
    assert signed["/feeds/a.jpg"], "what lies beside a feed is asked for as the feed was"
    assert signed["/b.jpg"]
    again = fetch_alone(shop, web, feed.replace("hush", "other"))
    assert again.fetches.height == found.fetches.height + 2, "another token is not another source"
    assert secrets_in(shop.workspace) == []
    server.answers["/feeds/shop.csv"] = BUSY
    with pytest.raises(packshot.SourceError) as raised:
        open_source(feed, web=web)
    assert "hush" not in str(raised.value)


def test_an_archive_on_the_web_is_fetched_once_with_all_that_is_in_it(server, shop, web, pictures, tmp_path):
    path = tmp_path / "packed.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("in/feed.csv", f"id,image\nA,a.jpg\nB,{server.url('/b.jpg')}\nC,../../c.jpg\n")
        file.writestr("in/a.jpg", pictures["vase"])
    server.answers |= {"/shop.zip": answer(path.read_bytes()), "/b.jpg": answer(pictures["pan"])}
    first = fetch_alone(shop, web, server.url("/shop.zip?sig=hush"))
    assert (first.assets.height, first.troubles) == (2, {"C": "refused"})
    again = fetch_alone(shop, replace(web, refresh_seconds=3600), server.url("/shop.zip?sig=other"))
    assert again.fetches.height == first.fetches.height, "the same archive, wherever its copy lies"
    assert server.paths().count("/b.jpg") == 1
    assert secrets_in(shop.workspace) == []


def test_a_run_that_died_midway_asks_only_for_what_it_has_not(server, online, web, monkeypatch):
    from packshot.pipeline import fetch_step

    monkeypatch.setattr(fetch_step, "SHARD_ROWS", 1)
    rows = fetch_step.answered

    def dies(*given):
        yield next(rows(*given))
        raise KeyboardInterrupt

    monkeypatch.setattr(fetch_step, "answered", dies)
    patient = replace(web, refresh_seconds=3600)
    with pytest.raises(KeyboardInterrupt):
        fetch_alone(online, patient)
    assert len(server.asked) == 1
    monkeypatch.setattr(fetch_step, "answered", rows)
    assert fetch_alone(online, patient).troubles == {}
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--allow-network", "10.0.0.1/8", "no network"),
        ("--allow-port", "0", "no port"),
        ("--host-gap", "-1", "below 0"),
        ("--host-connections", "0", "range"),
    ],
)
def test_options_that_make_no_sense_are_told(online, option, value, words):
    done = CliRunner().invoke(app, ["run", str(online.feed), "-w", str(online.workspace), "--dry-run", option, value])
    assert done.exit_code != 0
    assert words in done.output + str(done.exception)


def test_without_copies_what_comes_from_the_web_is_kept_all_the_same(online, web):
    kept = fetch_alone(online, web, copy=False).assets.group_by("blob").agg(pl.len())
    assert dict(kept.rows()) == {"stored": 2, "referenced": 1}


def test_a_dry_run_names_the_hosts_and_asks_none(server, online):
    done = CliRunner().invoke(app, ["run", str(online.feed), "-w", str(online.workspace), "--dry-run"])
    assert json.loads(done.output)["fetched_from"] == {"127.0.0.1": 2}
    assert (server.asked, online.workspace.exists()) == ([], False)
