import hashlib
import shutil

import pytest

from packshot.core.errors import ModelDamaged, ModelError, ModelMissing, UnknownName
from packshot.models import own
from packshot.testing.tiny_models import Value, tiny_model


def test_every_listed_model_is_whole():
    listed = (own.files("packshot.models") / own.FOLDER / own.CHECKSUMS).read_text(encoding="utf-8").splitlines()
    for name in (line.split()[0] for line in listed):
        assert own.arrays_of(name) if _is_arrays(name) else own.file_of(f"own/{name}").is_file()


def _is_arrays(name):
    return (own.files("packshot.models") / own.FOLDER / f"{name}.npz").is_file()


def test_a_graph_is_found_by_its_prefix_and_held_to_its_checksum(tmp_path, monkeypatch):
    folder = tmp_path / own.FOLDER
    graph = tiny_model(folder / "tiny_head.onnx", {"x": Value(("batch", 2))}, {"y": Value(("batch", 2))})
    digest = hashlib.sha256(graph.read_bytes()).hexdigest()
    (folder / own.CHECKSUMS).write_text(f'tiny_head = "{digest}"\n', encoding="utf-8")
    monkeypatch.setattr(own, "files", lambda _package: tmp_path)
    for cached in (own.checksum_of, own._graph_of):
        monkeypatch.setattr(own, cached.__name__, cached.__wrapped__)
    assert own.file_of("own/tiny_head") == graph
    graph.write_bytes(graph.read_bytes() + b"!")
    with pytest.raises(ModelDamaged, match="tiny_head"):
        own.file_of("own/tiny_head")
    with pytest.raises(UnknownName, match="tiny_head"):
        own.file_of("own/tiny_heat")


def test_a_model_of_the_cache_is_found_as_before(monkeypatch):
    monkeypatch.setattr(own, "verified_path", lambda model: model.upper())
    assert own.file_of("u2netp") == "U2NETP"


def test_one_that_is_not_there_is_told():
    with pytest.raises(UnknownName, match="overlay_text"):
        own.arrays_of("overlay_txt")


def test_a_file_that_was_changed_is_refused(tmp_path, monkeypatch):
    here = own.files("packshot.models") / own.FOLDER
    shutil.copytree(str(here), tmp_path / own.FOLDER)
    changed = tmp_path / own.FOLDER / "overlay_text.npz"
    changed.write_bytes(changed.read_bytes()[:-1] + b"!")
    monkeypatch.setattr(own, "files", lambda _package: tmp_path)
    with pytest.raises(ModelDamaged, match="overlay_text") as raised:
        own.arrays_of.__wrapped__("overlay_text")
    assert "install" in raised.value.hint, "what comes with packshot cannot be fetched"
    changed.unlink()
    with pytest.raises(ModelMissing, match="overlay_text") as raised:
        own.arrays_of.__wrapped__("overlay_text")
    assert "install" in raised.value.hint
    changed.mkdir()
    with pytest.raises(ModelError, match="cannot be read"):
        own.arrays_of.__wrapped__("overlay_text")
