import io
import json
import re
import sys
from types import SimpleNamespace

import pytest

import packshot

KEYS = {"file", "verdict", "findings", "measurements", "trouble"}
FINDING = {"check", "status", "expected", "measured", "how_to_fix", "source"}


@pytest.fixture
def files(shop, pictures):
    return {name: shop.put(f"{name}.jpg", data) for name, data in pictures.items()}


def lines(ended):
    return [json.loads(line) for line in ended.out.splitlines()]


def test_one_line_of_json_for_each_file_in_order(command, files):
    ended = command("check", files["vase"], files["dark"], files["pan"], "--json")
    told = lines(ended)
    assert [line["file"] for line in told] == [str(files[name]) for name in ("vase", "dark", "pan")]
    assert all(set(line) >= KEYS for line in told)
    assert [line["verdict"] == "show" for line in told] == [True, False, True]
    failed = [finding for finding in told[1]["findings"] if finding["status"] == "fail"]
    assert "too_dark" in {finding["check"] for finding in failed}
    assert all(set(finding) >= FINDING and finding["how_to_fix"] for finding in failed)
    assert told[0]["measurements"]["width_px"] == 640
    assert ended.code == 1


def test_the_exit_code_is_0_when_nothing_failed(command, files):
    assert command("check", files["vase"], "--json").code == 0
    assert command("check", files["soft"]).code == 1


def test_a_dash_reads_the_picture_from_stdin(command, monkeypatch, pictures):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(pictures["vase"])))
    (line,) = lines(command("check", "-", "--json"))
    assert (line["file"], line["verdict"]) == ("-", "show")


@pytest.mark.parametrize(
    ("data", "kind"),
    [(b"", "empty"), (b"<html></html>", "not_an_image"), (b"\xff\xd8\xff\xe0", "truncated")],
)
def test_what_cannot_be_read_is_a_trouble_and_the_next_file_is_checked(command, shop, files, data, kind):
    path = shop.put("bad.jpg", data)
    ended = command("check", path, files["vase"], "--json")
    bad, fine = lines(ended)
    assert (bad["trouble"]["kind"], bad["verdict"]) == (kind, "review")
    assert fine["trouble"] is None
    assert ended.code == 1


def test_a_file_that_is_not_there_is_said_and_the_others_are_judged(command, shop, files):
    ended = command("check", shop.folder / "vaze.jpg", files["vase"], shop.folder)
    assert ended.code == 2
    assert f"Did you mean {files['vase']}" in ended.err
    assert "is a folder" in ended.err
    judged = [line.partition(": ")[0] for line in ended.out.splitlines() if not line.startswith(" ")]
    assert judged == [str(files["vase"])]


def test_folders_and_pipes_do_not_stop_it(command, shop):
    ended = command("check", shop.folder, "/dev/null", shop.folder / "none.jpg", "--json")
    assert [line["trouble"]["kind"] for line in lines(ended)] == ["unreachable", "unreachable", "not_found"]
    assert ended.code == 2


def test_for_people_it_says_what_is_wrong_and_how_to_mend_it(command, files):
    ended = command("check", files["soft"])
    assert "blurry: expected" in ended.out
    assert "fix: " in ended.out


def test_names_cannot_play_with_the_terminal(command, shop, pictures):
    path = shop.put("\x1b[31mred\n.jpg", pictures["vase"])
    assert "\x1b[31mred" not in command("check", path).out


def test_role_and_policy_are_applied_and_wrong_ones_refused(command, files):
    (line,) = lines(command("check", files["vase"], "--json", "--policy", "amazon", "--role", "secondary"))
    assert (line["policy"], line["role"]) == ("amazon", "secondary")
    wrong = command("check", files["vase"], "--policy", "amazone")
    assert (wrong.code, "amazon" in wrong.err) == (2, True)
    assert command("check", files["vase"], "--role", "man").code == 2
    assert command("check").code == 2
    assert command("check", files["vase"], "--rules-as-of", "yesterday").code == 2


def test_all_shows_what_passed_too(command, files):
    (line,) = lines(command("check", files["vase"], "--json", "--all"))
    assert "pass" in {finding["status"] for finding in line["findings"]}


def test_python_gives_the_same_as_the_command_line(command, files):
    (line,) = lines(command("check", files["dark"], "--json"))
    for picture in (files["dark"], str(files["dark"]), files["dark"].read_bytes()):
        result = packshot.check(picture)
        assert result.verdict == line["verdict"]
        assert [f.check for f in result.findings if f.status == "fail"] == [
            f["check"] for f in line["findings"] if f["status"] == "fail"
        ]
        assert result.failed


def test_content_credentials_are_not_assessed_without_their_library(shop, pictures, monkeypatch):
    from packshot.evaluate import suite

    lacking = suite.lacking
    monkeypatch.setattr(
        suite, "lacking", lambda models, libraries=(): lacking(models, {*libraries} - {"c2pa"}) or tuple(libraries)
    )
    result = packshot.check(shop.put("vase.jpg", pictures["vase"]))
    assert "broken_credentials" in result.not_assessed
    assert "undisclosed_ai" not in result.not_assessed
    assert "c2pa_state" not in result.measurements
    assert result.measurements["c2pa_present"] is False


def test_in_another_language_the_words_around_are_of_it_too(command, files):
    ended = command("check", files["soft"], "--language", "de")
    first, second, third = ended.out.splitlines()[:3]
    assert re.search(r": (fix|review|block) \([A-ZÄÖÜ][^()]+\)$", first)
    assert "erwartet: " in second
    assert "; gemessen: " in second
    assert third.strip().startswith("Abhilfe: ")
