import io
import json

import cv2
import numpy as np
import polars as pl
import pytest

RUN_KEYS = {"listings", "placements", "assets", "decoded", "reused", "troubles", "verdicts", "clusters", "seconds"}
TABLES = [
    "listings",
    "placements",
    "assets",
    "measurements",
    "matches",
    "clusters",
    "findings",
    "verdicts",
    "galleries",
    "troubles",
]


def run_once(shop, pictures):
    for name in ("vase", "soft"):
        shop.put(f"{name}.jpg", pictures[name])
    shop.list(("A", "vase.jpg"), ("A", "soft.jpg"), ("B", "vase.jpg"), ("C", "gone.jpg"))
    shop.run()


@pytest.fixture
def made(prepared, pictures):
    """A workspace with a fault, a trouble and a match in it."""
    return prepared(run_once, pictures)


def test_run_prints_one_object_and_its_progress_elsewhere(command, small_shop):
    ended = command("run", small_shop.feed, "--workspace", small_shop.workspace, "--workers", 1, "--json")
    told = json.loads(ended.out)
    assert ended.code == 0
    assert set(told) >= RUN_KEYS
    assert (told["placements"], told["decoded"], told["verdicts"]["show"]) == (4, 4, 4)
    assert "measure" in ended.err
    ended = command("run", small_shop.feed, "--workspace", small_shop.workspace, "--no-report")
    assert "(0 decoded now" in ended.out


def test_fail_on_makes_a_verdict_an_exit_code(command, made):
    run = ("run", made.feed, "-w", made.workspace, "--no-report", "--json")
    assert command(*run).code == 0
    assert command(*run, "--fail-on", "fix").code == 1
    assert command(*run, "--fail-on", "review").code == 1
    assert command(*run, "--fail-on", "block").code == 0
    assert command(*run, "--fail-on", "never").code == 2


def test_too_much_trouble_is_exit_code_3(command, made):
    run = ("run", made.feed, "-w", made.workspace, "--no-report", "--json")
    ended = command(*run, "--max-trouble-share", "0.2")
    assert ended.code == 3
    assert "1 of 4 placements have trouble, more than --max-trouble-share 0.2: ended with 3." in ended.err
    assert command(*run, "--max-trouble-share", "0.25").code == 0
    assert command(*run, "--max-trouble-share", "1.5").code == 2


def test_wrong_use_is_exit_code_2_with_a_hint_and_without_a_traceback(command, small_shop):
    for wrong in (
        ("run", small_shop.folder / "fed.csv", "-w", small_shop.workspace),
        ("run", small_shop.feed, "-w", small_shop.workspace, "--policy", "amazn"),
        ("run", small_shop.feed, "-w", small_shop.workspace, "--map", "image"),
        ("run", small_shop.feed, "-w", small_shop.workspace, "--map", "image=nothing"),
        ("run", small_shop.feed, "-w", small_shop.workspace, "--group-by", "folder"),
        ("run", small_shop.feed),
        ("table", "listing", "-w", small_shop.workspace),
        ("dance",),
    ):
        ended = command(*wrong)
        assert ended.code == 2, wrong
        assert ended.err.strip(), wrong
        assert "Traceback" not in ended.err, wrong
        assert ended.out == "", wrong
    assert command("table", "listings", "-w", small_shop.folder / "none").code == 1


def test_a_dry_run_writes_nothing(command, small_shop):
    ended = command("run", small_shop.feed, "-w", small_shop.workspace, "--dry-run")
    plan = json.loads(ended.out)
    assert (plan["listings"], plan["placements"], plan["policy"]) == (3, 4, "house")
    assert not small_shop.workspace.exists()


def test_the_three_forms_of_a_table_agree(command, made):
    def out(name, form):
        return command("table", name, "-w", made.workspace, "--format", form).out

    for name in TABLES:
        path = made.folder / f"{name}.parquet"
        assert command("table", name, "-w", made.workspace, "-f", "parquet", "-o", path).code == 0
        parquet = pl.read_parquet(path)
        rows = json.loads(out(name, "json"))
        csv = pl.read_csv(io.StringIO(out(name, "csv")), infer_schema=False)
        assert csv.columns == parquet.columns, name
        assert csv.height == len(rows) == parquet.height, name
        assert not rows or list(rows[0]) == parquet.columns, name
        for column in ("listing_id", "asset_id", "source_uri", "verdict", "kind", "slot", "reason", "sharpness"):
            if column in parquet.columns:
                assert [str(v) for v in csv[column]] == [str(row[column]) for row in rows], (name, column)
                whole = parquet[column].to_list()
                assert [row[column] for row in rows] == (pytest.approx(whole) if column == "sharpness" else whole)
        for column, kind in parquet.schema.items():
            if isinstance(kind, pl.List | pl.Array):
                lists = [None if text is None else json.loads(text) for text in csv[column]]
                assert lists == [row[column] for row in rows], (name, column)
            if kind == pl.Binary:
                told = [None if row[column] is None else bytes.fromhex(row[column]) for row in rows]
                assert told == parquet[column].to_list()


def test_a_table_that_cannot_be_written_leaves_nothing_behind(command, made):
    ended = command("table", "verdicts", "-w", made.workspace, "-o", made.folder / "none" / "out.csv")
    assert (ended.code, "-o" in ended.err) == (1, True)
    assert not list(made.folder.glob("**/*.part"))


def test_why_and_whatif_and_report_speak_json(command, made):
    (record,) = json.loads(command("why", "soft.jpg", "-w", made.workspace, "--json").out)
    assert record["source_uri"] == "soft.jpg"
    assert "blurry" in command("why", "soft.jpg", "-w", made.workspace).out
    flips = json.loads(command("whatif", "-w", made.workspace, "--policy", "amazon", "--json").out)
    assert flips["placements"] == 4
    page = json.loads(command("report", "-w", made.workspace, "-o", made.folder / "out", "--json").out)["report"]
    assert page == str(made.folder / "out" / "index.html")
    assert command("why", "nothing.jpg", "-w", made.workspace).code == 2


def test_why_says_how_to_see_what_stands_against_a_picture_as_main(command, small_shop, pictures):
    grey = np.full((900, 900, 3), 190, np.uint8)
    grey[200:700, 200:700] = (30, 60, 160)
    small_shop.put("grey.png", cv2.imencode(".png", grey)[1].tobytes())
    small_shop.put("vase.jpg", pictures["vase"])
    small_shop.list(("A", "vase.jpg"), ("A", "grey.png"))
    small_shop.run(policy="amazon")
    (record,) = json.loads(command("why", "grey.png", "-w", small_shop.workspace, "--json").out)
    assert record["verdict_as_main"] not in (record["verdict"], "show")
    assert (
        "packshot check FILE --policy amazon --role main" in command("why", "grey.png", "-w", small_shop.workspace).out
    )
    assert "--role main" not in command("why", "vase.jpg", "-w", small_shop.workspace).out


def test_explain_plugins_and_doctor(command, made):
    assert "out of focus" in command("explain", "blurry").out
    for id_ in ("sharpness", "amazon", "uri_extension"):
        assert command("explain", id_).code == 0
    assert "amazon/blurry_others [review]" in command("explain", "blurry").out
    assert command("explain", "small_picture").out == command("explain", "house/small_picture").out
    assert "nudity_others" in command("explain", "nudity_other").err
    assert "blurry" in command("explain", "bluryy").err
    plugins = json.loads(command("plugins", "--json").out)
    assert {"check", "engine", "feed", "measure", "source", "policy"} == {plugin["kind"] for plugin in plugins}
    looked = json.loads(command("doctor", "-w", made.workspace, "--json").out)
    assert "4 placements" in next(look["detail"] for look in looked if look["what"] == "workspace")
    assert command("doctor", "-w", made.folder / "none").code == 1


def test_runs_are_listed_with_how_they_ended(command, made):
    made.run()
    (latest, first) = json.loads(command("runs", "-w", made.workspace, "--json").out)
    assert (latest["state"], latest["policy"], latest["decoded"], latest["troubles"]) == ("finished", "house", 0, 1)
    assert (first["decoded"], first["run_id"] < latest["run_id"]) == (2, True)
    assert latest["seconds"] > 0
    shown = command("runs", "-w", made.workspace).out
    assert latest["run_id"] in shown
    assert "finished" in shown
    looked = json.loads(command("doctor", "-w", made.workspace, "--json").out)
    assert "2 finished" in next(look["detail"] for look in looked if look["what"] == "runs")


def test_help_and_version(command):
    assert command("--help").code == 0
    assert command("--version").out.startswith("packshot ")
