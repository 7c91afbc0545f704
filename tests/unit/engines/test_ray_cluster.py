import socket

import pytest

from packshot.core.errors import EngineError, MissingExtra, UsageError
from packshot.engines import ray_cluster
from packshot.engines.ray import RayEngine
from packshot.pipeline.engine import Engine, EngineOptions
from packshot.plugins import discover


@pytest.mark.parametrize("text", ["auto", "local", "10.0.0.1:6379", "head:6379", "ray://head:10001", "[::1]:6379"])
def test_an_address_that_ray_knows_stays_as_it_is(text, monkeypatch):
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    assert ray_cluster.address_of(text) == text


@pytest.mark.parametrize("text", ["head", "http://head:8265", "head:port", "ray://head", "a:1/b", "ray://u@head:1"])
def test_anything_else_is_refused(text):
    with pytest.raises(UsageError, match="no address of a Ray cluster"):
        ray_cluster.address_of(text)


def test_without_an_address_the_environment_says_it(monkeypatch):
    monkeypatch.setenv("RAY_ADDRESS", "head:6379")
    assert ray_cluster.address_of(None) == ray_cluster.address_of("auto") == "head:6379"
    monkeypatch.delenv("RAY_ADDRESS")
    assert ray_cluster.address_of(None) == "auto"


class Unreached:
    """Stands for the library where it must not be asked to connect."""

    @staticmethod
    def is_initialized():
        return False


@pytest.mark.parametrize("scheme", ["", "ray://"])
def test_a_cluster_that_does_not_answer_is_told_with_its_address(scheme):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(EngineError, match=rf"{scheme}127\.0\.0\.1:{port}"):
        ray_cluster.connect(Unreached(), f"{scheme}127.0.0.1:{port}", None)


def test_the_note_of_a_cluster_that_is_gone_is_told(tmp_path, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    monkeypatch.setenv("RAY_TMPDIR", str(tmp_path))
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    (tmp_path / "ray").mkdir()
    (tmp_path / "ray/ray_current_cluster").write_text(f"127.0.0.1:{port}", encoding="utf-8")
    with pytest.raises(EngineError, match=f"127.0.0.1:{port}"):
        ray_cluster.connect(Unreached(), "auto", None)


def test_without_the_extra_the_pip_line_is_named(monkeypatch):
    def absent(name):
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr(ray_cluster.importlib, "import_module", absent)
    with pytest.raises(MissingExtra) as told:
        RayEngine.open(EngineOptions(address="auto"))
    assert "packshot[ray]" in told.value.hint


def test_engines_are_found_by_their_file():
    known = discover("engines", Engine)
    assert {"local", "ray"} <= set(known)
    assert known["ray"] is RayEngine
