import signal
import subprocess
import sys
import time

import pytest

import packshot

PATIENCE_S = 120.0
pytestmark = pytest.mark.usefixtures("connected")


def run(feed, workspace, ground=None):
    more = {"engine": "ray", "ray_address": ground.address} if ground else {}
    with packshot.Workspace(workspace, create=True) as place:
        return place.run(feed, packshot.RunOptions(workers=2, report=False, **more))


def test_both_engines_give_the_same_tables(feed, ground, tmp_path, tables_of):
    source = feed(40)
    here, there = run(source, tmp_path / "here"), run(source, tmp_path / "there", ground)
    assert there.decoded == here.decoded == 36
    assert tables_of(tmp_path / "there") == tables_of(tmp_path / "here")
    kept = [path for path in (tmp_path / "there/blobs").rglob("*") if path.is_file()]
    assert len(kept) == there.assets, "nothing is left of the look at every node"
    assert run(source, tmp_path / "here", ground).decoded == 0, "the other engine finds all done"


def test_a_stopped_run_goes_on_from_what_was_committed(feed, ground, tmp_path):
    source, workspace = feed(300), tmp_path / "workspace"
    options = ["--engine", "ray", "--ray-address", ground.address, "--workers", "1", "--no-report"]
    command = [sys.executable, "-m", "packshot.cli", "run", source, "-w", workspace, *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        limit = time.monotonic() + PATIENCE_S
        while len(list(workspace.glob("thumbnails/??/*.jpg"))) < 40:
            assert process.poll() is None, process.stderr.read()
            assert time.monotonic() < limit
            time.sleep(0.05)  # looking costs a core, of which there are few
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, "goes on from there" in told) == (130, True)
    again = run(source, workspace, ground)
    assert 0 < again.decoded < again.assets - 1, "what was measured before was kept"
    with packshot.Workspace(workspace) as place:
        measured = place.table("measurements")["asset_id"]
    assert measured.n_unique() == measured.len() == again.assets - 1, "all but the broken one, and none of them twice"
