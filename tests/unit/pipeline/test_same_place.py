from pathlib import Path

import polars as pl
import pytest

from packshot.collect.places import Place
from packshot.core.errors import EngineError
from packshot.pipeline.engine import Work
from packshot.pipeline.job import Job
from packshot.pipeline.same_place import WORK, hold_same, same_place
from packshot.pipeline.sharding import shards_of
from packshot.pipeline.stores import Stores
from packshot.telemetry import Silent

NO_ROWS = next(shards_of(pl.DataFrame({"n": [1]}).to_arrow(), 1)).rows.slice(0, 0)


class Elsewhere:
    """An engine with one machine, which sees what `seen` makes of the parameters."""

    elsewhere = True

    def __init__(self, seen=lambda params: params):
        self.seen = seen
        self.asked = []

    def hold(self, work):
        self.asked.append(work)
        hold_same(self.seen(dict(work.params)), NO_ROWS)


@pytest.fixture
def held(tmp_path):
    """Holds it on an engine, for a source of one picture and one missing file; what is left in the stores."""
    source = tmp_path / "shop"
    source.mkdir()
    (source / "a.jpg").write_bytes(b"some bytes")
    stores = Stores.open(tmp_path / "workspace", create=True)
    placements = pl.DataFrame({"source_uri": ["gone.jpg", "a.jpg"]})

    def hold(engine):
        with same_place(Job("run", stores, engine, Silent()), placements, Place.of(source)):
            pass
        kept = (tmp_path / "workspace" / name for name in ("blobs", "thumbnails"))
        return [path for folder in kept for path in folder.rglob("*") if path.is_file()]

    yield hold
    stores.close()


def test_a_machine_that_sees_the_same_is_held_and_nothing_is_left(held):
    engine = Elsewhere()
    assert held(engine) == []
    (work,) = engine.asked
    assert isinstance(work, Work)
    assert work.function == WORK
    assert [picture["uri"] for picture in work.params["pictures"]] == ["a.jpg"]


def test_here_nothing_is_asked(held):
    engine = Elsewhere()
    engine.elsewhere = False
    assert held(engine) == []
    assert engine.asked == []


def test_a_machine_without_the_workspace_is_refused(held, tmp_path):
    with pytest.raises(EngineError, match="does not see, or may not write, the workspace's files") as told:
        held(Elsewhere(lambda params: params | {"blobs": str(tmp_path / "other")}))
    assert "same path" in told.value.hint


@pytest.mark.parametrize("there", ["absent", "other"])
def test_a_machine_with_another_source_is_refused(held, tmp_path, there):
    other = tmp_path / "elsewhere"
    other.mkdir()
    if there == "other":
        (other / "a.jpg").write_bytes(b"other bytes here")
    with pytest.raises(EngineError, match=r"does not see the source's picture a\.jpg"):
        held(Elsewhere(lambda params: params | {"base": Place.of(Path(other)).as_json()}))
