import threading

import pytest

from packshot.core.errors import WorkspaceError
from packshot.pipeline.stores import Stores
from packshot.storage.place import place_of


def test_only_one_at_a_time_holds_a_lock(tmp_path):
    first, second = Stores.open(tmp_path / "w", create=True), Stores.open(tmp_path / "w", create=False)
    order = []
    with first.alone("collect"):
        with second.alone("another name"):
            order.append("second")

        def other():
            with second.alone("collect"):
                order.append("other")

        thread = threading.Thread(target=other)
        thread.start()
        thread.join(0.2)
        order.append("first")
    thread.join(10)
    assert order == ["second", "first", "other"]


def test_a_workspace_is_made_only_where_nothing_else_is(tmp_path):
    (tmp_path / "note.txt").write_text("mine")
    with pytest.raises(WorkspaceError):
        Stores.open(tmp_path, create=True)
    with pytest.raises(WorkspaceError):
        Stores.open(tmp_path / "none", create=False)
    Stores.open(tmp_path / "made", create=True).close()
    Stores.open(tmp_path / "made", create=False).close()


@pytest.fixture(params=["disk", "s3"])
def place(request, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    if request.param == "disk":
        return str(tmp_path / "workspace")
    return f"{request.getfixturevalue('bucket')}/workspace"


def test_a_workspace_belongs_to_the_catalog_it_was_made_with(place, tmp_path):
    mine, other = tmp_path / "folder" / "mine.sqlite", tmp_path / "other.sqlite"
    with pytest.raises(WorkspaceError, match="no workspace"):
        Stores.open(place, create=False, catalog=mine)
    stores = Stores.open(place, create=True, catalog=mine)
    stores.catalog.add_source("s", "feed.csv", {})
    stores.close()
    Stores.open(place, create=False, catalog=f"sqlite:///{mine}").close()
    with pytest.raises(WorkspaceError, match="is not at") as caught:
        Stores.open(place, create=True, catalog=other)
    assert "--catalog" in caught.value.hint
    Stores.open(tmp_path / "another", create=True, catalog=other).close()
    with pytest.raises(WorkspaceError, match="not the one"):
        Stores.open(place, create=True, catalog=other)
    with pytest.raises(WorkspaceError, match="another workspace"):
        Stores.open(f"{place}-2", create=True, catalog=mine)
    with pytest.raises(WorkspaceError, match=r"elsewhere|is not at"):
        Stores.open(place, create=True)


def test_what_is_no_workspace_is_not_written_into(place, tmp_path):
    place_of(place).write("notes.txt", b"mine")
    with pytest.raises(WorkspaceError, match="something else"):
        Stores.open(place, create=True, catalog=tmp_path / "new.sqlite")
    place_of(place).delete(["notes.txt"])
    place_of(place).write("workspace.json", b"[]")
    with pytest.raises(WorkspaceError, match="not what packshot wrote"):
        Stores.open(place, create=True, catalog=tmp_path / "new.sqlite")
    place_of(place).write("workspace.json", b'{"format": 99, "catalog": "x"}')
    with pytest.raises(WorkspaceError, match="newer"):
        Stores.open(place, create=True, catalog=tmp_path / "new.sqlite")


def test_the_catalog_of_a_bucket_lies_in_this_users_data_folder(bucket, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    stores = Stores.open(f"{bucket}/shop", create=True)
    stores.close()
    assert stores.root.is_relative_to(tmp_path / "data" / "packshot")
    assert (stores.root / "catalog.sqlite").is_file()
    Stores.open(f"{bucket}/shop/", create=False).close()
