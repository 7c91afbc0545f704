import json
from pathlib import Path

import pytest

from packshot.storage.place import place_of


@pytest.fixture
def at_home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data"


def test_a_workspace_in_an_object_store(bucket, at_home, run_shop, pictures, command):
    place = f"{bucket}/shops/one"
    first = command("run", run_shop.feed, "-w", place, "--workers", 1, "--no-report")
    assert first.code == 0, first.err
    assert f"{at_home}" in first.out, "says where the catalog is"
    names = {file.key.split("/")[0] for file in place_of(place).files()}
    assert names == {"workspace.json", "tables", "blobs", "thumbnails"}
    for name in ("placements", "galleries"):
        on_disk = command("table", name, "-w", run_shop.workspace)
        in_store = command("table", name, "-w", place)
        assert (in_store.code, in_store.out) == (0, on_disk.out)
    run_shop.put("watch.jpg", pictures["soft"])
    told = json.loads(command("run", run_shop.feed, "-w", place, "--workers", 1, "--json", "--no-report").out)
    assert (told["decoded"], told["assets"], told["troubles"]) == (1, 4, 0)
    assert "fetches" in json.loads(command("gc", "-w", place, "--grace-hours", 0, "--json").out)["compacted"]
    again = json.loads(command("run", run_shop.feed, "-w", place, "--json", "--no-report").out)
    assert (again["decoded"], again["assets"], again["troubles"]) == (0, 4, 0)
    record = json.loads(command("why", "B", "-w", place, "--json").out)[0]
    assert record["verdict"] == "show"
    page = json.loads(command("report", "-w", place, "-o", at_home / "pages", "--json").out)["report"]
    assert Path(page) == at_home / "pages" / "index.html"
    assert len(list((at_home / "pages").rglob("*.jpg"))) >= 4, "with the thumbnails from the store"
    gone = command("forget", "pan.jpg", "-w", place, "--because", "test", "--yes")
    assert gone.code == 0, gone.err
    assert "pan.jpg" not in command("table", "verdicts", "-w", place).out
    assert len([file for file in place_of(place).files() if file.key.startswith("blobs/")]) == 4, (
        "two of one listing, with the older"
    )
