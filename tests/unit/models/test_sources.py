import re
from collections import Counter
from importlib import resources

import pytest

from packshot.core.errors import ModelError, UnknownName
from packshot.models import sources
from packshot.models.skeleton import skeleton
from packshot.models.sources import PINS_VARIABLE, all_sources, source_of, version_of
from packshot.testing.stand_in_models import STAND_INS

SHIPPED = sources.read(sources.SHIPPED)
FILES = [(source, file) for source in SHIPPED.values() for file in source.files]


def test_every_model_has_a_stand_in():
    assert list(SHIPPED) == list(STAND_INS)


@pytest.mark.parametrize("source", SHIPPED.values(), ids=SHIPPED)
def test_a_source_says_all(source):
    assert source.files[0].name == "model.onnx"
    assert all((source.task, source.licence, source.upstream, source.copyright, source.inputs, source.outputs))
    assert bool(source.conversion) == any(one.skeleton for one in source.files)
    assert max(Counter(one.name for one in source.files).values()) == 1


@pytest.mark.parametrize(("source", "file"), FILES, ids=[f"{source.id}-{file.name}" for source, file in FILES])
def test_a_file_is_pinned(source, file):  # noqa: ARG001 - the id of the test
    assert re.fullmatch(r"[0-9a-f]{64}", file.sha256)
    assert re.fullmatch(r"[0-9a-f]{64}", file.kept_sha256)
    assert file.wheel.startswith(f"{file.package.replace('-', '_')}-{file.version}-")
    assert (file.kept_sha256 == file.sha256) == (not file.skeleton)
    assert file.bytes < 30_000_000
    if file.skeleton:
        graph, places = skeleton(file.skeleton)
        assert file.kept_bytes > len(graph) + sum(place["length"] for place in places)
        assert all(place["offset"] + place["length"] <= file.bytes for place in places)


def test_the_licences_of_the_skeletons_are_told():
    notice = (resources.files("packshot.models") / "skeletons" / "NOTICE").read_text(encoding="utf-8")
    used = {file.skeleton for _, file in FILES if file.skeleton}
    assert used == {line for line in notice.splitlines() if line in SHIPPED}


def test_a_version_changes_with_any_file(wheelhouse):
    before = version_of("first"), version_of("second")
    assert before[0].startswith("1.0-")
    wheelhouse.model("first", "two-models", "a/words.json", b"[]", name="words.json")
    assert version_of("first") != before[0]
    assert version_of("second") == before[1]


def test_unknown_names_are_told_with_the_nearest():
    with pytest.raises(UnknownName, match="u2netp"):
        source_of("u2net")
    with pytest.raises(UnknownName, match="u2netp"):
        version_of("u2net")
    with pytest.raises(UnknownName, match=r"tokenizer\.json"):
        source_of("minilm-l6-int8").file("tokeniser.json")


@pytest.mark.parametrize(
    "text", ["[first", "[first]\ntask = 1", "[first]\nfiles = []\nlicence = ''", "[first]\nfiles = [1]"]
)
def test_a_broken_list_is_told(tmp_path, monkeypatch, text):
    listed = tmp_path / "sources.toml"
    listed.write_text(text, encoding="utf-8")
    monkeypatch.setenv(PINS_VARIABLE, str(listed))
    with pytest.raises(ModelError, match=r"sources\.toml"):
        all_sources()
