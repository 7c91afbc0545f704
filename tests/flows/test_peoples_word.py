import csv
import json
import threading
from datetime import UTC, datetime

import polars as pl
import pytest

import packshot
from packshot.core.errors import UnknownName

MANUAL = """
id = "shop"
title = "Shop"

[[rules]]
check = "blurry"
params = { min_sharpness = 0.1 }
on_fail = "fix"

[[rules]]
check = "repeated_picture"
on_fail = "fix"

[[rules]]
id = "props"
manual = true
require = true
question = "Does the picture show props?"
"""


def run_word(shop, pictures):
    """A soft picture, and one that is there in two sizes; judged by a policy with a question."""
    import cv2
    import numpy as np

    for name in ("vase", "soft"):
        shop.put(f"{name}.jpg", pictures[name])
    vase = cv2.imdecode(np.frombuffer(pictures["vase"], np.uint8), cv2.IMREAD_COLOR)
    small = cv2.resize(vase, None, fx=0.7, fy=0.7, interpolation=cv2.INTER_AREA)
    shop.put("small.jpg", cv2.imencode(".jpg", small)[1].tobytes())
    policy = shop.folder / "shop.toml"
    policy.write_text(MANUAL, encoding="utf-8")
    shop.list(("A", "vase.jpg"), ("A", "small.jpg", "secondary"), ("B", "soft.jpg"))
    return shop.run(policy=str(policy))


@pytest.fixture
def word_shop(prepared, pictures):
    shop = prepared(run_word, pictures)
    shop.policy = str(shop.folder / "shop.toml")
    return shop


def verdicts(shop):
    return dict(shop.table("verdicts").select("source_uri", "verdict").iter_rows())


def judgement(shop):
    with shop.opened() as place:
        return place._stores.catalog.current("shop").judgement_id


def fill_in_a_spreadsheet(path):
    """Answer all, as somebody does whose Excel parts columns with semicolons and takes listings for numbers."""
    assert path.read_bytes().startswith(b"\xef\xbb\xbfquestion,asks,pass_means,answer,")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        file.write("sep=;\r\n")
        table = csv.DictWriter(file, list(rows[0]), delimiter=";", lineterminator="\r\n")
        table.writeheader()
        for row in rows:
            assert row["pass_means"]
            table.writerow(row | {"answer": "Pass", "because": "looked at", "listing_id": "1,00"})
        file.write(";;;;;;;;\r\n")


def test_people_have_the_last_word(word_shop, command, pictures):
    """Overruled, answered, split; said by why; undone; not carried over to another picture; and no word in vain."""
    shop, at = word_shop, ("-w", word_shop.workspace)
    assert verdicts(shop) == {"vase.jpg": "review", "small.jpg": "review", "soft.jpg": "review"}
    asked = shop.folder / "asked.csv"
    assert command("label", "questions", *at, "-o", asked).code == 0
    fill_in_a_spreadsheet(asked)
    told = json.loads(command("label", "import", asked, *at, "--author", "Bo", "--json").out)
    assert (told["rows"], told["added"], told["by_answer"]) == (3, 3, {"pass": 3})
    again = json.loads(command("label", "import", asked, *at, "--author", "Bo", "--json").out)
    assert (again["added"], again["unchanged"]) == (0, 3)

    before = judgement(shop)
    shop.run(policy=shop.policy)
    assert verdicts(shop) == {"vase.jpg": "show", "small.jpg": "fix", "soft.jpg": "fix"}
    assert judgement(shop) != before

    tried = json.loads(
        command("overrule", "soft.jpg", "blurry", *at, "--because", "on purpose", "--dry-run", "--json").out
    )
    assert (tried["seq"], tried["answer"], tried["verdicts"]) == (
        None,
        "pass",
        [{"policy": "shop", "before": "fix", "after": "show"}],
    )
    command("overrule", "soft.jpg", "blurry", *at, "--because", "on purpose", "--author", "anna")
    assert "from the next run" in command("why", "soft.jpg", *at).out
    assert command("match", "split", "vase.jpg", "small.jpg", *at, "--author", "anna").code == 0
    assert shop.run(policy=shop.policy).decoded == 0
    assert verdicts(shop) == {"vase.jpg": "show", "small.jpg": "show", "soft.jpg": "show"}
    assert shop.table("clusters").is_empty()
    assert {row["slot"] for row in shop.table("galleries").rows(named=True) if row["asset_id"]} == {"main", "1"}
    why = command("why", "soft.jpg", *at).out
    assert "blurry: pass, says anna" in why
    assert "on purpose" in why
    with shop.opened() as place:
        causes = place.delta().causes
    assert causes == {"said": 2, "duplicates": 1}

    stands = judgement(shop)
    assert shop.run(policy=shop.policy).decoded == 0
    assert judgement(shop) == stands, "no new word, nothing judged"
    command("match", "confirm", "vase.jpg", "soft.jpg", *at)
    command("match", "confirm", "vase.jpg", "soft.jpg", *at, "--undo")
    shop.put("soft.jpg", pictures["dark"])
    told = shop.run(policy=shop.policy)
    assert any("do not count" in note for note in told.notes)
    assert verdicts(shop)["soft.jpg"] == "review", "nobody has answered for the new picture"
    assert "of an earlier picture here" in command("why", "soft.jpg", *at).out
    states = dict(shop.table("labels").select("seq", "state").iter_rows())
    assert set(states.values()) == {"counts", "picture replaced", "withdrawal", "superseded"}


def test_a_file_is_taken_whole_or_not_at_all(word_shop, command):
    shop, at = word_shop, ("-w", word_shop.workspace)
    (vase,) = shop.table("placements").filter(source_uri="vase.jpg")["asset_id"]
    file = shop.folder / "said.csv"
    rows = (
        "question;source_uri;asset_id;other_asset_id;answer;because;at",
        "props;vase.jpg;;;pass;fine;2026-11-01",
        "prosp;vase.jpg;;;pass;;",
        "props;vaze.jpg;;;pass;;",
        "props;soft.jpg;;;yes;;",
        "props;soft.jpg;abcdef;;pass;;",
        "props;soft.jpg;;;;;",
        "same_picture;;vase.jpg;small.jpg;different;;",
        f"same_picture;;{vase};vase.jpg;same;;",
        "props;soft.jpg;;;fail;;2999-01-01",
        "props;vase.jpg;;;fail;;",
        "same_picture;;small.jpg;soft.jpg;same;;",
        "same_picture;;vase.jpg;soft.jpg;same;;",
    )
    file.write_text("\n".join(rows), encoding="utf-8")
    refused = command("label", "import", file, *at)
    assert refused.code == 2
    assert "8 rows" in refused.err
    assert "Nothing was imported" in refused.err
    for line, hint in ((3, "Did you mean props"), (4, "vase.jpg"), (5, "pass where"), (6, "Another picture stands")):
        assert f"line {line}: " in refused.err
        assert hint in refused.err
    assert shop.table("labels").is_empty()
    taken = json.loads(command("label", "import", file, *at, "--skip-bad", "--json").out)
    assert (taken["added"], taken["unanswered"], len(taken["mistakes"])) == (3, 1, 8)
    kept = shop.table("labels").select("question", "answer", "state").rows()
    assert kept == [
        ("props", "pass", "counts"),
        ("same_picture", "different", "counts"),
        ("same_picture", "same", "counts"),
    ]
    assert shop.table("labels")["at"][0] == datetime(2026, 11, 1, tzinfo=UTC)
    out = shop.folder / "out.csv"
    command("label", "export", *at, "-o", out)
    again = json.loads(command("label", "import", out, *at, "--json").out)
    assert (again["added"], again["unchanged"]) == (0, 3)
    for bad, words in (
        (b"question\nx\n", "no column answer"),
        (b"\xff\xfe\x00", "no text"),
        (b"a,b\n1,2,3\n", "no column"),
    ):
        file.write_bytes(bad)
        assert words in command("label", "import", file, *at).err


def _a_later_word_replaces_the_earlier_one(command, pair):
    assert "replaces" not in command("match", "confirm", *pair, "--undo").out
    assert json.loads(command("match", "split", *pair, "--author", "anna", "--json").out)["replaces"] is None
    replaced = json.loads(command("match", "confirm", *pair, "--dry-run", "--json").out)["replaces"]
    assert (replaced["answer"], replaced["author"]) == ("different", "anna")
    told = command("match", "confirm", *pair).out
    assert f"replaces label {replaced['seq']} (different, says anna)" in told


def test_what_is_not_there_or_not_clear_is_said(word_shop, command):
    with word_shop.opened() as place:
        with pytest.raises(UnknownName, match="small"):
            place.overrule("smal.jpg", "blurry", because="x")
        with pytest.raises(UnknownName, match="blurry"):
            place.overrule("soft.jpg", "blury", because="x")
        with pytest.raises(packshot.UsageError, match="does not object"):
            place.overrule("vase.jpg", "blurry", because="x")
        with pytest.raises(packshot.UsageError, match="nothing clear"):
            place.overrule("vase.jpg", "props", because="x")
        with pytest.raises(packshot.UsageError, match="means 2 placements"):
            place.overrule("A", "blurry", because="x")
        with pytest.raises(packshot.UsageError, match="Nobody has said"):
            place.overrule("soft.jpg", "blurry", because=None, undo=True)
        with pytest.raises(packshot.UsageError, match="listings"):
            place.overrule("soft.jpg", "too_few_pictures", because="x")
        place.tell_pair("vase.jpg", "soft.jpg", same=True)
        place.tell_pair("soft.jpg", "small.jpg", same=True)
        with pytest.raises(packshot.UsageError, match="contradicts"):
            place.tell_pair("vase.jpg", "small.jpg", same=False)
        assert place.table("labels").filter(pl.col("state") == "counts").height == 2
    _a_later_word_replaces_the_earlier_one(command, ("vase.jpg", "soft.jpg", "-w", word_shop.workspace))
    asked = command("forget", "B", "-w", word_shop.workspace, "--because", "asked to")
    assert (asked.code, "no terminal to ask on" in asked.err, "--yes" in asked.err) == (2, True, True)
    with word_shop.opened() as place:
        place.forget(["B"], because="asked to")
        assert place.table("labels").is_empty()


def test_two_that_say_one_thing_at_once_are_kept_as_one(word_shop):
    def say():
        with word_shop.opened() as place:
            said.append(place.overrule("soft.jpg", "blurry", because="meant so", author="Bo"))

    said = []
    threads = [threading.Thread(target=say) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.label.seq for one in said if one.label] == [1]
    assert [one.stands for one in said if not one.label] == [1, 1]
