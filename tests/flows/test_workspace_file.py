import json
import sys

import numpy as np
import pytest
from click.shell_completion import ShellComplete

from packshot.app import workspace
from packshot.cli import app
from packshot.testing.drawing import encode


@pytest.fixture
def here(shop, conftest_engine, monkeypatch):
    """A feed with columns of its own names, and the current folder beside it."""
    del conftest_engine
    for number, name in enumerate(("vase", "soft", "lamp")):
        shop.put(f"{name}.jpg", encode(np.full((64, 64, 3), 80 * number, np.uint8)))
    rows = "".join(f"A{n};Vase no. {n};vase.jpg;soft.jpg\n" for n in range(1, 4))
    shop.put("artikel.csv", f"Artikelnummer;Bezeichnung;Hauptbild;Bild 2\n{rows}".encode())
    monkeypatch.chdir(shop.folder)
    return shop


@pytest.fixture
def conftest_engine(shop, monkeypatch):
    """Work is done in this process: starting workers is another test's matter."""
    engine = shop.opened(create=True)._engine

    class Here:
        @staticmethod
        def open(options):  # noqa: ARG004 - the contract's
            return engine

        @staticmethod
        def hold_installed():
            pass

    monkeypatch.setattr(workspace, "_engine_kind", lambda options: Here)  # noqa: ARG005 - its contract
    monkeypatch.setattr("packshot.engines.early_start.prepare_workers", lambda module: None)  # noqa: ARG005 - the same


def test_init_and_run_are_enough(here, command):
    here.put("other.csv", b"sku,image\nB1,vase.jpg\n")
    assert command("init", "artikel.csv", "other.csv", "--workspace", "work").code == 0
    toml = here.folder / "packshot.toml"
    more = '[outputs]\nreport = false\ntables = { galleries = "out/galleries.csv" }\n'
    toml.write_text(toml.read_text(encoding="utf-8") + more, encoding="utf-8")
    ended = command("run", "--json")
    assert ended.code == 0, ended.err
    assert "Settings: packshot.toml" in ended.err
    told = json.loads(ended.out)
    assert (told["listings"], told["placements"]) == (4, 7)
    assert [(one["name"], one["listings"], one["placements"]) for one in told["sources"]] == [
        ("artikel.csv", 3, 6),
        ("other.csv", 1, 1),
    ]
    (run,) = json.loads(command("runs", "--json").out)
    assert (run["state"], len({run["source"], *run["more_sources"]})) == ("finished", 2)
    assert "B1" in (here.folder / "out" / "galleries.csv").read_text(encoding="utf-8")
    galleries = json.loads(command("table", "galleries", "--format", "json").out)
    assert {row["listing_id"] for row in galleries} == {"A1", "A2", "A3", "B1"}


def test_of_several_sources_one_that_cannot_be_read_costs_itself_alone(here, command):
    here.put("other.csv", b"sku,image\nB1,vase.jpg\n")
    command("init", "artikel.csv", "other.csv", "--workspace", "work")
    assert command("run", "--no-report").code == 0
    (here.folder / "other.csv").unlink()
    here.put("artikel.csv", (here.folder / "artikel.csv").read_bytes() + b"A9;Neu;vase.jpg;\n")
    ended = command("run", "--no-report")
    assert ended.code == 3
    assert "1 source could not be read: other.csv" in ended.err
    assert "other.csv: not read:" in ended.out
    ids = {row["listing_id"] for row in json.loads(command("table", "galleries", "--format", "json").out)}
    assert {"A9", "B1"} <= ids  # read and judged the one, as it was the other
    here.put("other.csv", b"sku,image\nB1,\n")  # loses all of its pictures at once
    assert command("run", "--no-report").code == 3
    (here.folder / "artikel.csv").unlink()
    (here.folder / "other.csv").unlink()
    assert command("run", "--no-report").code == 2


def test_a_feed_that_names_anothers_pictures_takes_them_from_nobody(here, command):
    (here.folder / "b").mkdir()
    here.put("b/feed.csv", b"sku,image\nB1,../vase.jpg\n")
    command("init", "artikel.csv", "b/feed.csv", "--workspace", "work")
    for _ in range(2):
        told = json.loads(command("run", "--json", "--no-report").out)
        assert (told["troubles"], told["placements"]) == (0, 7)
    command("init", "b/feed.csv", "--workspace", "alone", "--force")
    assert json.loads(command("run", "--json", "--no-report").out)["trouble_kinds"][0]["kind"] == "refused"


def test_the_command_line_goes_before_the_file(here, command, monkeypatch):
    command("init", "artikel.csv", "--workspace", "work")
    (here.folder / "below").mkdir()
    monkeypatch.chdir(here.folder / "below")
    asked = json.loads(command("run", "../artikel.csv", "--policy", "amazon", "--dry-run").out)
    assert (asked["policy"], asked["listings"]) == ("amazon", 3)
    other = here.put("other.csv", b"sku,image\nB1,lamp.jpg\n")
    with_file = json.loads(command("run", other, "--dry-run").out)
    assert (with_file["workspace"], with_file["policy"], with_file["listings"]) == (
        str(here.folder / "work"),
        "house",
        1,
    )
    assert "Missing option '--workspace'" in command("run", other, "--settings", "none").err
    assert "no packshot.toml" in command("run", "--settings", "none", "-w", "w").err
    assert "no column 'gone'" in command("run", "../artikel.csv", "--map", "image=gone", "--dry-run").err


def test_questions_end_with_2_and_their_flags(here, command):
    here.put("two.csv", "".join(["sku,photo,picture\n", *(f"S{n},a{n}.jpg,b{n}.jpg\n" for n in range(9))]).encode())
    ended = command("init", "two.csv")
    assert ended.code == 2
    assert "--map image=photo" in ended.err
    assert not (here.folder / "packshot.toml").exists()
    found = json.loads(command("init", "two.csv", "--json").out)
    assert (found["written"], found["sources"][0]["questions"][0]["choices"]) == (None, ["photo", "picture"])
    assert command("init", "two.csv", "--yes").code == 0
    assert "QUESTION" in (here.folder / "packshot.toml").read_text(encoding="utf-8")
    assert "is there already" in command("init", "two.csv", "--map", "image=photo").err
    answered = command("init", "two.csv", "--map", "image=photo", "--map", "additional_images=-", "--force")
    assert (answered.code, command("run", "--dry-run").code) == (0, 0)
    assert command("init", "two.csv", "--dry-run", "--map", "image=photo").code == 2


def test_a_feed_is_added_to_the_file_that_is_there(here, command):
    toml = here.folder / "packshot.toml"
    assert command("init", "artikel.csv", "--add").code == 2
    command("init", "artikel.csv", "-w", "work")
    before = "# mine\n" + toml.read_text(encoding="utf-8")
    toml.write_text(before, encoding="utf-8")
    here.put("two.csv", "".join(["sku,photo,picture\n", *(f"S{n},a{n}.jpg,b{n}.jpg\n" for n in range(9))]).encode())
    assert command("init", "two.csv", "--add", "--map", "image=photo", "--map", "additional_images=picture").code == 0
    assert toml.read_text(encoding="utf-8").startswith(before.rstrip())
    first, second = json.loads(command("run", "--dry-run").out)
    assert (first["listings"], second["placements"]) == (3, 18)
    stands = toml.read_text(encoding="utf-8")
    again = command("init", "./two.csv", "--add", "--yes")
    assert (again.code, toml.read_text(encoding="utf-8")) == (2, stands)
    assert "two.csv is in packshot.toml already" in again.err
    assert "--force" in again.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("artikel.csv", "--policy", "amazn"), "Did you mean amazon"),
        (("artikel.csv", "--policy", "gone.toml"), "There is no file gone.toml"),
        (("artikel.csv", "--workspace", ""), "workspace"),
        (("artikel.csv", "./artikel.csv"), "is named twice"),
        (("empty",), "There is no feed and no picture in empty."),
    ],
)
def test_nothing_is_written_that_could_not_be_read(here, command, arguments, told):
    (here.folder / "empty").mkdir()
    ended = command("init", *arguments, "--yes")
    assert (ended.code, (here.folder / "packshot.toml").exists()) == (2, False)
    assert told in ended.err


def test_an_empty_folder_begins_nothing(tmp_path, command, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ended = command("init")
    assert (ended.code, list(tmp_path.iterdir())) == (2, [])
    assert "There is no feed and no picture here. Nothing was written." in ended.err


def test_a_person_is_asked_on_a_terminal(here, command, monkeypatch):
    here.put("two.csv", "".join(["sku,photo,picture\n", *(f"S{n},a{n}.jpg,b{n}.jpg\n" for n in range(9))]).encode())
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    said = iter(["2", "-"])
    monkeypatch.setattr("click.prompt", lambda *_, **__: next(said))
    assert command("init", "two.csv").code == 0
    text = (here.folder / "packshot.toml").read_text(encoding="utf-8")
    assert 'image = "picture"' in text
    assert "additional_images" not in text


def test_secrets_stay_out_of_the_file(here, command, monkeypatch):
    toml = here.folder / "packshot.toml"
    toml.write_text('catalog = "postgresql://me:hunter2@db/shop"\n', encoding="utf-8")
    ended = command("table", "galleries")
    assert (ended.code, "hunter2" in ended.err, "${NAME}" in ended.err) == (2, False, True)
    toml.write_text('[[sources]]\nat = "${SHOP_FEED}"\n', encoding="utf-8")
    monkeypatch.delenv("SHOP_FEED", raising=False)
    assert "SHOP_FEED, which is not set" in command("run").err
    monkeypatch.setenv("SHOP_FEED", str(here.folder / "gone.csv"))
    assert "gone.csv" in command("run", "--dry-run").err


@pytest.mark.parametrize(
    ("words", "incomplete", "among"),
    [
        (["explain"], "blu", "blurry"),
        (["table"], "gal", "galleries"),
        (["run", "--policy"], "am", "amazon"),
        (["run", "--kind"], "shop", "shopify"),
        (["policy", "show"], "goo", "google"),
        ([], "comp", "completion"),
    ],
)
def test_a_shell_completes_ids(words, incomplete, among):
    done = ShellComplete(app, {}, "packshot", "_PACKSHOT_COMPLETE").get_completions(words, incomplete)
    assert among in [one.value for one in done]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(command, shell):
    ended = command("completion", shell)
    assert (ended.code, "_PACKSHOT_COMPLETE" in ended.out) == (0, True)


def test_settings_are_checked_shown_and_described(here, command):
    command("init", "artikel.csv")
    assert json.loads(command("settings", "show", "--json").out)["sources"][0]["map"]["image"] == "Hauptbild"
    assert "no mistakes" in command("settings", "show").out
    assert "sources" in json.loads(command("settings", "schema").out)["properties"]
    (here.folder / "packshot.toml").write_text("polices = 1\n", encoding="utf-8")
    assert command("settings", "show").code == 2
    assert "Did you mean policies" in command("table", "galleries").err


def test_public_addresses_of_the_same_pictures_are_no_further_pictures(here, command, monkeypatch):
    rows = "".join(f"A{n};vase{n}.jpg;https://cdn.example/p/Vase{n}.jpg?w=800\n" for n in range(9))
    here.put("web.csv", f"sku;image_path;oeffentliche_adresse\n{rows}".encode())
    told = command("init", "web.csv")
    assert (told.code, "answer it with --map additional_images=-\n" in told.err) == (2, True)
    assert "these look like the public addresses of the same pictures" in told.err
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.prompt", lambda *_, default, **__: default)
    ended = command("init", "web.csv")
    assert (ended.code, "9 listings and 9 pictures" in ended.out) == (0, True)
    assert "additional_images" not in (here.folder / "packshot.toml").read_text(encoding="utf-8")
