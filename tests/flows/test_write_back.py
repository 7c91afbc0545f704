"""What was chosen goes back to channels, and what is wrong to suppliers."""

import csv
import json
import re

import pytest
from click.testing import CliRunner

from packshot.app.suppliers import SupplierOptions
from packshot.app.write_back import ExportOptions
from packshot.cli import app
from packshot.collect.opening import open_source
from packshot.core.errors import UnknownName, UsageError
from packshot.core.listing import Placement
from packshot.present.supplier_site import folder_name

CDN = "https://cdn.shop.example/p/"
HOSTILE = "<script>alert(1)</script>/../../x"
ROWS = (
    ("A", "vase.jpg", "main", "Nordic & Søn"),
    ("A", "watch.jpg", "secondary", "Nordic & Søn"),
    ("B", "dark.jpg", "main", HOSTILE),
    ("C", "pan.jpg", "main", "=cmd()"),
    ("C", "vase.jpg", "secondary", "nordic-s-n"),
    ("D", "gone.jpg", "main", "=cmd()"),
    ("E", "soft.jpg", "main", ""),
    ("F", "text.jpg", "main", "=cmd()"),
)


def build(shop, pictures):
    for name in ("vase", "watch", "pan", "dark", "soft"):
        shop.put(f"{name}.jpg", pictures[name])
    shop.put("text.jpg", b"This is no picture, whatever its name says.")
    with shop.feed.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(("product_id", "title", "image_path", "image_role", "supplier"))
        table.writerows((one, f"The {one}", image, role, supplier) for one, image, role, supplier in ROWS)
    return shop.run()


@pytest.fixture
def sold(prepared, pictures):
    return prepared(build, pictures)


def cli(shop, *words):
    return CliRunner().invoke(app, [*words, "-w", str(shop.workspace)])


def test_the_google_feed_holds_what_was_chosen_and_is_read_again(sold, tmp_path):
    feed, left = tmp_path / "google.tsv", tmp_path / "left.csv"
    done = cli(sold, "export", "google", "-o", str(feed), "--base-url", CDN, "--left-out", str(left), "--json")
    summary = json.loads(done.stdout)
    chosen = {}
    for row in sold.table("galleries").rows(named=True):
        if row["slot"] not in {"rejected", "missing"} and row["asset_id"]:
            chosen.setdefault(row["listing_id"], []).append(CDN + row["source_uri"])
    led = {one for one in chosen if any(r["slot"] == "main" and r["asset_id"] and r["listing_id"] == one
                                        for r in sold.table("galleries").rows(named=True))}  # fmt: skip
    found = {}
    for record in open_source(feed).records():
        if isinstance(record, Placement):
            found.setdefault(record.listing_id, []).append(record.source_uri)
    assert found == {one: chosen[one] for one in led}
    assert "A" in found
    assert summary["listings"] == len(found)
    without = {row["listing_id"] for row in csv.DictReader(left.open(encoding="utf-8"))}
    assert without == {row[0] for row in ROWS} - set(found)
    assert sum(summary["left_out"].values()) == len(without)
    assert "D" in without


def test_what_is_not_ready_goes_out_only_when_asked_for(sold, tmp_path):
    verdicts = {row["listing_id"]: row["verdict_as_main"] for row in sold.table("verdicts").rows(named=True)
                if row["role"] == "main"}  # fmt: skip
    assert verdicts["B"] in {"fix", "review"}
    with sold.opened() as place:
        plain = place.export("pictures", tmp_path / "a.csv", ExportOptions(base_urls=[CDN]))
        also = place.export("pictures", tmp_path / "b.csv", ExportOptions(base_urls=[CDN], also=["fix", "review"]))
        forced = place.export("pictures", None, ExportOptions(base_urls=[CDN], also=["block"]))
    written = {row["listing_id"]: row["verdict"] for row in csv.DictReader((tmp_path / "b.csv").open())
               if row["role"] == "main"}  # fmt: skip
    assert "B" not in (tmp_path / "a.csv").read_text()
    assert written["B"] == verdicts["B"]
    assert not {"D", "F"} & set(written)
    assert also.left_out["it has no picture that could be read"] == 2
    empty = sold.table("galleries").filter(listing_id="F", slot="main")["reason"].item()
    assert "the picture could not be read" in empty
    assert also.listings > plain.listings == forced.listings
    assert plain.would_bring[verdicts["B"]] >= 1


def test_only_what_changed_is_written_and_what_is_gone_is_told(sold, tmp_path):
    whole, again = tmp_path / "whole.tsv", tmp_path / "again.tsv"
    with sold.opened() as place:
        first = place.export("google", whole, ExportOptions(base_urls=[CDN], also=["fix", "review"]))
        same = place.export(
            "google", again, ExportOptions(base_urls=[CDN], also=["fix", "review"], changed_since=whole)
        )
        less = place.export("google", None, ExportOptions(base_urls=[CDN], changed_since=whole))
    assert (same.listings, same.unchanged) == (0, first.listings)
    assert again.read_text() == "id\timage_link\tadditional_image_link\n"
    assert less.no_longer >= 1
    assert list(tmp_path.glob(".*")) == []


def test_paths_are_never_written_and_nothing_is_left_of_a_refusal(sold, tmp_path):
    feed = tmp_path / "google.tsv"
    done = cli(sold, "export", "google", "-o", str(feed))
    assert isinstance(done.exception, UsageError)
    assert "--base-url" in done.exception.hint
    dry = cli(sold, "export", "google", "-o", str(feed), "--base-url", CDN, "--dry-run")
    assert "would be written" in dry.stderr
    assert not feed.exists()
    for words in (["nowhere"], ["ebay", "-f", "xml"], ["google", "--json"]):
        assert isinstance(cli(sold, "export", *words, "--base-url", CDN).exception, UsageError)


def test_the_suffix_tells_the_form_and_hints_tell_the_fix(sold, tmp_path):
    base = ("--base-url", CDN)
    assert "(csv)" in cli(sold, "export", "amazon", "-o", str(tmp_path / "amazon.csv"), *base, "--dry-run").stderr
    refused = cli(sold, "export", "ebay", "-o", "ebay.tsv", *base, "--dry-run").exception
    assert refused.message == "ebay.tsv ends in .tsv, but ebay takes csv or json."
    assert refused.hint == "Name it ebay.csv, or say --format csv."
    assert "(csv)" in cli(sold, "export", "ebay", "-o", "ebay.tsv", "-f", "csv", *base, "--dry-run").stderr
    unjudged = cli(sold, "export", "google", "--policy", "google", *base).exception
    assert unjudged.hint.endswith("Judge by it: packshot run SOURCE --policy google")
    with sold.opened() as place:
        told = place.report_suppliers(tmp_path / "by_brand", SupplierOptions(by="brand"))
    assert any("--by supplier" in note for note in told.notes)


def test_each_supplier_has_a_folder_of_their_own(sold, tmp_path):
    done = cli(sold, "report", "--suppliers", "-o", str(tmp_path / "out"), "--language", "de", "--json")
    told = json.loads(done.stdout)
    names = {row[3] or None for row in ROWS}
    assert {one["name"] for one in told["suppliers"]} == names
    folders = {one["name"]: tmp_path / "out" / one["folder"] for one in told["suppliers"]}
    assert all(folder.parent == tmp_path / "out" for folder in folders.values())
    for name, folder in folders.items():
        page = (folder / "index.html").read_text(encoding="utf-8")
        rows = list(csv.DictReader((folder / "findings.csv").open(encoding="utf-8-sig", newline="")))
        text = page + (folder / "findings.csv").read_text(encoding="utf-8-sig")
        own = {row[0] for row in ROWS if (row[3] or None) == name}
        assert {row["listing_id"] for row in rows} <= own
        assert not any(other in text for other in names - {name, None})
        assert "<script" not in page
        shown = re.findall(r'src="([^"]+)"', page)
        assert all((folder / source).is_file() for source in shown)
    of_one = list(csv.DictReader((folders["=cmd()"] / "findings.csv").open(encoding="utf-8-sig", newline="")))
    gone = {row["listing_id"]: row for row in of_one if row["check"] in {"not_found", "not_an_image"}}
    assert set(gone) == {"D", "F"}
    assert all(row["what_is_wrong"].endswith("Ohne es hat das Angebot keines.") for row in gone.values())
    assert "main_missing" not in {row["check"] for row in of_one}, "what follows from a lost file is told with it"
    assert "Unter dieser Adresse gibt es keine Datei." in (folders["=cmd()"] / "index.html").read_text(encoding="utf-8")
    ranking = (tmp_path / "out" / "suppliers.csv").read_text(encoding="utf-8-sig")
    assert "'=cmd()" in ranking
    assert "&lt;script&gt;" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")


def test_reports_for_suppliers_replace_their_own_and_nothing_else(sold, tmp_path):
    folder = tmp_path / "out"
    with sold.opened() as place:
        place.report_suppliers(folder)
        (folder / "letter.txt").write_text("mine")
        told = place.report_suppliers(folder, SupplierOptions(only=["=cmd()"]))
        assert {one.name for one in folder.iterdir() if one.is_dir()} == {folder_name("=cmd()")}
        assert (folder / "letter.txt").read_text() == "mine"
        assert told.suppliers == 1
        by_feed = place.report_suppliers(folder, SupplierOptions(by="source"))
        assert [one.name for one in by_feed.ranked] == ["feed.csv"]
        with pytest.raises(UnknownName):
            place.report_suppliers(folder, SupplierOptions(only=["nobody"]))
        with pytest.raises(UsageError):
            place.report(folder)
    assert isinstance(cli(sold, "report", "--language", "de").exception, UsageError)


def test_a_feed_without_suppliers_gives_one_report_and_says_how_to_name_them(run_shop):
    with run_shop.opened() as place:
        told = place.report_suppliers()
    assert [one.name for one in told.ranked] == [None]
    assert "--map supplier=" in told.notes[0]
    assert (run_shop.workspace / "suppliers" / "no-supplier" / "index.html").is_file()


@pytest.mark.parametrize(
    "name", ["con", "..", "a/b", "\x00", "東方", "A" * 300, "index", "no-supplier", " ", "Ä", "ä", "あ" * 300]
)
def test_folders_of_suppliers_are_plain_names(name):
    folder = folder_name(name)
    assert len(folder.encode()) < 255
    assert all(sign.isalnum() or sign in "-_" for sign in folder)
    assert "/" not in folder
    assert folder not in {"", ".", "..", "con", "index"}
    assert len(folder) < 70
    assert folder == folder.lower()
    assert (folder == "no-supplier") is False


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("Müller & Söhne", "mueller-soehne-"),
        ("Mu\u0308ller & So\u0308hne", "mueller-soehne-"),
        ("Łódź Œuvre, S.à r.l.", "lodz-oeuvre-s-a-r-l-"),
        ("İstanbul", "istanbul-"),
        ("Завод Йод", "завод-йод-"),
        ("日本商店", "日本商店-"),
        ("\u202egpj.exe", "gpj-exe-"),
    ],
)
def test_folders_of_suppliers_can_be_read(name, begins):
    assert re.fullmatch(f"{begins}[0-9a-f]{{10}}", folder_name(name))


def test_names_that_look_alike_have_folders_of_their_own():
    names = ["Acme", "acme", "ACME", "acme!", "a-c-m-e", "Ä", "ä", "東方", "東 方"]
    assert len({folder_name(name) for name in names}) == len(names)
