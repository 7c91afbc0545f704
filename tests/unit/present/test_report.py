from __future__ import annotations

import dataclasses
import json
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import polars as pl
import pytest

from packshot.core.errors import UsageError, WorkspaceError
from packshot.policies.policy import Policy, Rule
from packshot.present.report import write_report
from packshot.present.report_data import CheckDoc, Lack, Limits, RunInfo

HOSTILE = [
    "<script>alert(1)</script>",
    "\"' onmouseover=alert(1) x='",
    "</title></style><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "two\nlines\ttab\x00\x1b[31m",
    "gpj.\u202etxt\u2066",
    "{{ 7 * 7 }}{% raw %}",
    "]]>--><!--&lt;",
    "long" * 2500,
    "https://user:secret@example.org/",
    "..\\..\\/../etc/passwd",
    "ümläut 商品 🧸",
]


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text.append(data)


def parsed(page) -> Tags:
    tags = Tags()
    tags.feed(page.read_text(encoding="utf-8"))
    return tags


def pages(folder):
    return sorted(folder.rglob("*.html"))


def text_of(page) -> str:
    return " ".join(" ".join(parsed(page).text).split())


def assert_every_local_address_leads_somewhere(folder):
    anchors = {page: {attrs["id"] for _, attrs in parsed(page).tags if attrs.get("id")} for page in pages(folder)}
    for page in pages(folder):
        for _, attrs in parsed(page).tags:
            address = attrs.get("href") or attrs.get("src")
            if not address or urlsplit(address).scheme:
                continue
            parts = urlsplit(address)
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            assert target.is_file(), f"{page.name} names {address}"
            if parts.fragment:
                assert parts.fragment in anchors[target], f"{page.name} names {address}"


def test_every_page_is_there_and_every_address_leads_somewhere(make_data, tmp_path):
    index = write_report(make_data(), tmp_path / "report")
    assert index == tmp_path / "report" / "index.html"
    names = {str(page.relative_to(index.parent)) for page in pages(index.parent)}
    assert names == {
        "index.html",
        "faults/index.html",
        "faults/blurry.html",
        "faults/white_main.html",
        "faults/few.html",
        "galleries/index.html",
        "matches/index.html",
        "matches/reused.html",
        "matches/variants.html",
        "matches/copies.html",
        "troubles.html",
        "policy.html",
    }
    assert_every_local_address_leads_somewhere(index.parent)


def test_nothing_comes_from_outside_and_no_script_stands_in_a_page(make_data, tmp_path):
    folder = write_report(make_data(), tmp_path / "report").parent
    for page in pages(folder):
        tags = parsed(page).tags
        policies = [a["content"] for t, a in tags if t == "meta" and a.get("http-equiv") == "Content-Security-Policy"]
        assert policies
        assert "default-src 'none'" in policies[0]
        assert "unsafe" not in policies[0]
        for tag, attrs in tags:
            assert not urlsplit(attrs.get("src") or "").scheme
            assert "style" not in attrs
            if tag == "link":
                assert not urlsplit(attrs["href"]).scheme
            if tag == "img":
                assert "alt" in attrs


def test_only_pictures_that_are_shown_are_written_and_each_once(make_data, tmp_path):
    asked = []

    def thumbnail(asset_id):
        asked.append(asset_id)
        return data.thumbnail(asset_id)

    data = make_data()
    folder = write_report(make_data(thumbnail=thumbnail), tmp_path / "report").parent
    written = {f"images/{path.name}" for path in (folder / "images").iterdir()}
    shown = {a["src"].removeprefix("../") for page in pages(folder) for t, a in parsed(page).tags if t == "img"}
    assert written == shown
    assert len(asked) == len(set(asked)) == 4


def test_equal_data_give_equal_files(make_data, tmp_path):
    def content(name):
        folder = write_report(make_data(), tmp_path / name).parent
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    assert content("one") == content("two")


def test_the_order_of_the_rows_changes_nothing(make_data, tmp_path):
    data = make_data()
    turned = {
        name: getattr(data, name).reverse()
        for name in ("listings", "verdicts", "measurements", "findings", "matches", "clusters", "troubles", "counts")
    }
    first, second = (write_report(d, tmp_path / n).parent for d, n in ((data, "one"), (make_data(**turned), "two")))
    for page in pages(first):
        assert page.read_text() == (second / page.relative_to(first)).read_text(), page.name


def test_no_text_of_the_feed_becomes_markup(make_data, tmp_path):
    data = make_data()
    texts = pl.Series(HOSTILE)
    count = len(HOSTILE)
    listings = pl.DataFrame({"listing_id": [f"{i}{t}" for i, t in enumerate(HOSTILE)]}).with_columns(
        title=texts, category=texts, brand=texts, variant_group_id=texts
    )
    verdicts = pl.DataFrame(
        {"listing_id": listings["listing_id"], "placement_id": listings["listing_id"]}
    ).with_columns(
        asset_id=pl.Series([f"{i:064x}" for i in range(count)]),
        source_uri=texts,
        role=texts,
        verdict=pl.lit("fix"),
        position=0,
    )
    findings = verdicts.select("placement_id", "listing_id", rule=texts, status=pl.lit("fail")).with_columns(
        **dict.fromkeys(("check", "on_fail", "expected", "measured", "how_to_fix", "source", "says", "title"), texts)
    )
    galleries = verdicts.select("listing_id", "asset_id", "placement_id", slot=pl.lit("main"), role=texts, reason=texts)
    troubles = pl.DataFrame(dict.fromkeys(("stage", "kind", "source_uri", "detail", "listing_id"), texts))
    hostile = make_data(
        listings=listings,
        verdicts=verdicts,
        findings=findings,
        galleries=pl.concat([galleries, galleries.with_columns(slot=pl.lit("rejected"))]),
        troubles=troubles,
        clusters=data.clusters.with_columns(reason=pl.lit(HOSTILE[0])),
        checks={t: CheckDoc(t, t, t) for t in HOSTILE},
        policy=Policy(
            HOSTILE[0],
            HOSTILE[2],
            tuple(Rule(t, t, says=t, source=t, categories=(t,)) for t in HOSTILE),
            says=HOSTILE[1],
        ),
        run=RunInfo(data.run.when, None, HOSTILE[0], HOSTILE[2], {HOSTILE[0]: 1}, {HOSTILE[2]: HOSTILE[0]}),
    )
    folder = write_report(hostile, tmp_path / "report").parent
    assert_every_local_address_leads_somewhere(folder)
    for page in pages(folder):
        raw = page.read_text(encoding="utf-8")
        assert "\u202e" not in raw
        assert "\x1b" not in raw
        assert "user:secret" not in raw
        assert len(raw) < 200_000
        tags = parsed(page)
        assert "49" not in [text.strip() for text in tags.text]
        for tag, attrs in tags.tags:
            assert not [name for name in attrs if name.startswith("on")]
            address = attrs.get("href") or attrs.get("src") or ""
            assert urlsplit(address).scheme in {"", "http", "https"}
            assert "user:" not in address
            if tag == "script":
                assert address.endswith((".js",))
            if tag == "img":
                assert attrs["src"].removeprefix("../").startswith("images/")
    search = (folder / "assets" / "listings.js").read_text()
    assert "<" not in search
    rows = json.loads(search.removeprefix("window.packshotListings=").removesuffix(";\n"))
    assert len(rows) == count
    assert all(row["u"].startswith("galleries/") for row in rows)


def test_an_empty_catalogue_gives_a_report_that_says_so(make_data, empty_frames, tmp_path):
    folder = write_report(make_data(**empty_frames), tmp_path / "report").parent
    assert "There are no pictures in this catalogue." in text_of(folder / "index.html")
    assert "There are no listings." in text_of(folder / "galleries" / "index.html")
    assert not (folder / "images").exists()
    assert_every_local_address_leads_somewhere(folder)


def test_the_overview_says_how_the_catalogue_stands(make_data, tmp_path):
    text = text_of(write_report(make_data(), tmp_path / "report"))
    assert "40% of the pictures are ready to show, and 1 listing has no picture that may be the main one." in text
    assert "Are there props in the picture?" in text
    assert "Files that are not there" in text
    assert "67% below 0.35" in text


def test_the_overview_names_what_was_not_judged_for_want_of_models(make_data, tmp_path):
    data = make_data()
    asked = data.verdicts.with_columns(not_assessed=pl.Series([["props", "white_main"]] * data.verdicts.height))
    lack = Lack(("centerface",), ("packshot models fetch",))
    folder = tmp_path / "report"
    text = text_of(write_report(make_data(verdicts=asked, lacks={"white_main": lack, "blurry": lack}), folder))
    assert "1 rule was not judged, for want of models: white_main . To have it judged: packshot models fetch" in text
    assert "not here: centerface" in text
    text = text_of(write_report(make_data(verdicts=asked, lacks={"white_main": Lack((), ())}), folder))
    assert "for want of models: white_main . To have it judged: run again." in text
    assert "not here when it was judged" in text
    assert "for want of models" not in text_of(write_report(make_data(lacks={"blurry": lack}), folder)), "it was judged"


def test_a_fault_page_shows_expected_measured_evidence_and_source(make_data, tmp_path):
    folder = write_report(make_data(), tmp_path / "report").parent
    page = folder / "faults" / "white_main.html"
    assert "at least 99 % white" in text_of(page)
    assert "80 % white" in text_of(page)
    marks = [attrs for tag, attrs in parsed(page).tags if tag == "rect" and attrs.get("class") == "m-product"]
    assert [(m["x"], m["y"], m["width"], m["height"]) for m in marks] == [("16.0", "12.0", "32.0", "24.0")]
    links = [a["href"] for t, a in parsed(folder / "faults" / "blurry.html").tags if t == "a" and "rel" in a]
    assert links == ["https://example.org/focus"]


def test_galleries_stand_side_by_side_with_every_reason_readable(make_data, tmp_path):
    text = text_of(write_report(make_data(), tmp_path / "report").parent / "galleries" / "index.html")
    assert text.index("Blue mug") < text.index("Red mug") < text.rindex("L2")  # no main, new main, left as found
    for words in ("Sharper than the main that was found.", "The background is grey.", "No detail was supplied."):
        assert words in text
    assert "best candidate" in text
    assert "not found" in text


@pytest.mark.parametrize("named", [{"placement_id": "p2"}, {"source_uri": "b/2.jpg"}])
def test_an_empty_main_shows_the_best_candidate_that_it_names(make_data, tmp_path, named):
    empty = pl.DataFrame(
        {"listing_id": ["L1"], "slot": ["main"], "asset_id": [None], **{k: [v] for k, v in named.items()}}
    )
    folder = write_report(make_data(galleries=empty), tmp_path / "report").parent
    alts = [attrs["alt"] for tag, attrs in parsed(folder / "galleries" / "index.html").tags if tag == "img"]
    assert "best candidate for Blue mug" in alts


def test_much_is_paged_and_capped_and_said(make_data, tmp_path):
    data = make_data()
    rows = 25
    findings = pl.concat([data.findings.head(1)] * rows)
    limits = Limits(fault_cards=20, fault_cards_per_page=8, listings=2, listings_per_page=1)
    folder = write_report(make_data(findings=findings, limits=limits), tmp_path / "report").parent
    fault_pages = sorted(path.name for path in (folder / "faults").glob("white_main*"))
    assert fault_pages == ["white_main.html", "white_main.p2.html", "white_main.p3.html"]
    cards = [sum(t == "article" for t, _ in parsed(folder / "faults" / name).tags) for name in fault_pages]
    assert cards == [8, 8, 4]
    assert "20 gravest of 25 are shown" in text_of(folder / "faults" / "white_main.html")
    assert "packshot table findings --workspace W" in text_of(folder / "faults" / "white_main.p3.html")
    assert len(list((folder / "galleries").iterdir())) == 2
    assert "2 of 3 listings are shown" in text_of(folder / "galleries" / "index.html")
    assert_every_local_address_leads_somewhere(folder)


@pytest.mark.parametrize("thumbnail", [lambda _: None, lambda _: b"", lambda _: b"\xff\xd8 not really"])
def test_a_picture_that_cannot_be_shown_is_said(make_data, tmp_path, thumbnail):
    folder = write_report(make_data(thumbnail=thumbnail), tmp_path / "report").parent
    assert "No picture" in text_of(folder / "galleries" / "index.html")
    assert not (folder / "images").exists()


def test_an_asset_id_cannot_lead_out_of_the_folder(make_data, tmp_path):
    data = make_data()
    with pytest.raises(ValueError, match="no asset id"):
        write_report(make_data(verdicts=data.verdicts.with_columns(asset_id=pl.lit("../../x"))), tmp_path / "report")
    assert list(tmp_path.iterdir()) == []


def test_progress_counts_every_page(make_data, tmp_path):
    seen = []
    folder = write_report(
        make_data(), tmp_path / "report", progress=lambda done, total: seen.append((done, total))
    ).parent
    assert seen == [(n + 1, len(seen)) for n in range(len(seen))]
    assert len(seen) == len(pages(folder))


def test_a_broken_run_leaves_the_report_of_before(make_data, tmp_path):
    folder = write_report(make_data(), tmp_path / "report").parent
    before = (folder / "index.html").read_bytes()

    def breaks(done, _):
        if done == 3:
            raise KeyboardInterrupt

    other = dataclasses.replace(make_data(), run=RunInfo(make_data().run.when, 99.0))
    with pytest.raises(KeyboardInterrupt):
        write_report(other, folder, progress=breaks)
    assert (folder / "index.html").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_a_folder_of_something_else_is_left_alone(make_data, tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(UsageError, match="not a packshot report"):
        write_report(make_data(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_place_that_cannot_be_written_is_a_clear_error(make_data, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkspaceError, match="could not be written"):
        write_report(make_data(), tmp_path / "file" / "report")
