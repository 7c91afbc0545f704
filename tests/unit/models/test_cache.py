import pytest

from packshot.core.errors import ModelDamaged, ModelError, ModelMissing, UnknownName
from packshot.models import cache
from packshot.models.cache import is_present, path_of, sha256_of, verified_path, verify
from packshot.models.folder import VARIABLE, cache_folder, locked, store
from packshot.models.sources import all_sources, source_of


def swapped(path):
    """Other bytes of the same length."""
    value = path.read_bytes()
    path.write_bytes(value[:-1] + bytes([value[-1] ^ 1]))


def test_what_is_there_is_found_and_whole(stand_ins):
    for name, source in all_sources().items():
        assert is_present(name)
        verify(name)
        assert verified_path(name) == path_of(name) == stand_ins / name / source.version / "model.onnx"
    assert verified_path("minilm-l6-int8", "tokenizer.json").name == "tokenizer.json"


def test_what_is_not_there_is_told_with_its_fix(wheelhouse):
    assert not is_present("first")
    for look in (path_of, verified_path, verify):
        with pytest.raises(ModelMissing, match=r"first") as caught:
            look("first")
        assert caught.value.hint == "packshot models fetch first"
    assert not wheelhouse.cache.exists(), "looking makes nothing"


def test_names_that_are_none(stand_ins):  # noqa: ARG001 - the environment
    for look in (path_of, is_present, verify, verified_path):
        with pytest.raises(UnknownName, match="u2netp"):
            look("u2net")
    with pytest.raises(UnknownName):
        path_of("u2netp", "../../../etc/passwd")


def test_a_file_of_another_size_is_not_present(stand_ins):  # noqa: ARG001 - the environment
    path = path_of("efficientnet-lite0", "classes.json")
    path.write_bytes(path.read_bytes() + b" ")
    assert not is_present("efficientnet-lite0")
    assert is_present("u2netp")


def test_a_swapped_file_is_told_with_both_checksums(stand_ins):  # noqa: ARG001 - the environment
    path = path_of("u2netp")
    swapped(path)
    assert is_present("u2netp"), "its size is right, and no more is looked at"
    for look in (verify, verified_path):
        with pytest.raises(ModelDamaged) as caught:
            look("u2netp")
        told = caught.value.message
        assert str(path) in told
        assert sha256_of(path) in told
        assert source_of("u2netp").files[0].sha256 in told
    verify("centerface")


def test_a_model_under_the_name_of_another_is_told(stand_ins):  # noqa: ARG001 - the environment
    path_of("u2netp").write_bytes(path_of("centerface").read_bytes())
    with pytest.raises(ModelDamaged, match="swapped"):
        verified_path("u2netp")


def test_a_file_is_hashed_once_while_it_does_not_change(stand_ins, monkeypatch):  # noqa: ARG001 - the environment
    hashed = []
    monkeypatch.setattr(cache, "sha256_of", lambda path: hashed.append(path) or sha256_of(path))
    for _ in range(3):
        verified_path("u2netp")
    assert len(hashed) == 1
    verify("u2netp")
    assert len(hashed) == 2, "who asks for it gets it hashed"
    swapped(path_of("u2netp"))
    with pytest.raises(ModelDamaged):
        verified_path("u2netp")


def test_where_the_cache_is(monkeypatch, tmp_path):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "here"))
    assert cache_folder() == tmp_path / "here"
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "packshot" / "models"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / ".cache" / "packshot" / "models"


def test_a_folder_that_may_not_be_written_is_told(monkeypatch):
    # The kernel's own folder takes no new ones, from nobody.
    monkeypatch.setenv(VARIABLE, "/sys/packshot")
    with pytest.raises(ModelError, match="cannot be written") as caught, locked(cache_folder()):
        pass
    assert VARIABLE in caught.value.hint


def test_a_folder_that_is_a_file_is_told(tmp_path, monkeypatch, stand_ins):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "sources.toml"))
    assert stand_ins.exists()
    assert not is_present("u2netp")
    with pytest.raises(ModelError, match="cannot be written"), locked(cache_folder()):
        pass


def test_a_file_is_stored_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "model.onnx"
    store(path, b"old")
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(ModelError, match="full"):
        store(path, b"new and longer")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path], "nothing half written is left"
