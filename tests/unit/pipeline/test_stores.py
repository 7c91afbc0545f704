import threading

import pytest

from packshot.core.errors import WorkspaceError
from packshot.pipeline.stores import Stores


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
