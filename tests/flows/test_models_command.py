import json

import pytest
from click.testing import CliRunner

from packshot.app import doctor
from packshot.cli import app
from packshot.models.cache import path_of
from packshot.models.folder import VARIABLE
from packshot.testing.stand_in_models import STAND_INS, tiny_cache
from packshot.testing.tiny_clip import tiny_clip
from packshot.testing.tiny_models import Value, tiny_model


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A cache full of stand-ins."""
    for name, value in tiny_cache(tmp_path).items():
        monkeypatch.setenv(name, value)
    return tmp_path / "models"


def run(*words):
    return CliRunner().invoke(app, ["models", *map(str, words)])


def told(*words):
    return json.loads(run(*words, "--json").stdout)


def looked():
    return doctor._models()


def test_list_says_what_is_here(cache, monkeypatch):
    rows = told("list")
    assert [row["id"] for row in rows] == list(STAND_INS)
    assert all(row["present"] and row["verified"] and not row["problem"] for row in rows)
    path_of("u2netp").write_bytes(b"swapped")
    path_of("centerface").unlink()
    here = {row["id"]: (row["present"], row["verified"]) for row in told("list")}
    assert here["u2netp"] == (True, False)
    assert here["centerface"] == (False, False)
    assert "DAMAGED" in run("list").stdout
    monkeypatch.setenv(VARIABLE, str(cache / "nowhere"))
    assert not any(row["present"] or row["verified"] for row in told("list"))
    assert not (cache / "nowhere").exists()


def test_a_broken_record_stops_no_other_model(cache, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    (cache / "mine").mkdir()
    (cache / "mine" / "added.json").write_text("{}")
    listed = run("list")
    assert listed.exit_code == 0
    assert "added.json is damaged" in listed.stdout
    first = [line.split(" ")[0] for line in listed.stdout.splitlines()]
    assert set(STAND_INS) <= set(first), "ids are whole on a narrow terminal"
    assert run("verify").exit_code == 1
    assert run("verify", "u2netp").exit_code == 0
    assert told("list")[-1]["id"] == "mine"
    assert "added.json" in run("path", "mine").exception.message


def test_verify_fails_for_what_is_damaged_or_named_and_missing(cache):
    assert run("verify").exit_code == 0
    (cache / "u2netp").rename(cache / "elsewhere")
    assert run("verify").exit_code == 0, "what is not here is not asked for"
    named = run("verify", "u2netp", "centerface")
    assert named.exit_code == 1
    assert "not on this machine" in named.stdout
    value = path_of("open-nsfw").read_bytes()
    path_of("open-nsfw").write_bytes(value[:-1] + b"!")
    damaged = run("verify")
    assert damaged.exit_code == 1
    assert "SHA-256" in damaged.stdout


def test_fetch_of_what_is_here_says_so(cache):
    assert cache.exists()
    assert told("fetch", "u2netp") == [{"id": "u2netp", "version": cache_version(cache, "u2netp"), "new": False}]
    assert "was here" in run("fetch").stdout


def cache_version(cache, name):
    (folder,) = (cache / name).iterdir()
    return folder.name


def test_add_path_and_remove(cache, tmp_path):
    pytest.importorskip("onnxruntime", reason="the extra `models` is not installed")
    mine = tiny_model(tmp_path / "mine.onnx", {"x": Value(("batch", 3))}, {"y": Value(("batch", 3))})
    added = told("add", "mine", mine, "--with", tmp_path / "sources.toml")
    assert added["inputs"] == "x: tensor(float) (batch, 3)"
    assert run("path", "mine").stdout.strip() == str(cache / "mine" / added["version"] / "model.onnx")
    assert run("path", "mine", "--file", "sources.toml").exit_code == 0
    assert told("list")[-1]["id"] == "mine"
    assert told("list")[-1]["verified"]
    assert "Removed: mine" in run("remove", "mine").stdout
    assert told("list")[-1]["id"] != "mine"
    assert run("remove", "mine").exit_code != 0


def test_add_says_which_half_of_a_clip_is_still_to_come(cache, tmp_path):  # noqa: ARG001 - the environment
    for name in ("onnxruntime", "tokenizers"):
        pytest.importorskip(name, reason="the extra `models` is not installed")
    clip = tiny_clip(tmp_path / "clip")
    assert "packshot models add clip-text FILE" in run("add", "clip-image", clip.image).stdout
    assert "Both halves are here" in run("add", "clip-text", clip.text).stdout
    assert told("remove", "clip-image", "clip-text") == [{"id": "clip-image"}, {"id": "clip-text"}]


def test_doctor_tells_of_missing_and_damaged_models(cache, monkeypatch):
    monkeypatch.setattr(doctor.importlib.util, "find_spec", lambda _: object())
    assert (looked().ok, looked().detail, looked().fix) == (True, "8 of 8 here and whole", "")
    path_of("centerface").unlink()
    assert looked().ok, "what is missing is left out, and no fault"
    assert "centerface" in looked().detail
    assert looked().fix == "packshot models fetch"
    path_of("u2netp").write_bytes(b"swapped")
    assert not looked().ok
    assert str(cache / "u2netp") in looked().detail
    assert looked().fix == "packshot models fetch u2netp"
    monkeypatch.setattr(doctor.importlib.util, "find_spec", lambda _: None)
    assert looked().ok
    assert "packshot[models]" in looked().fix
