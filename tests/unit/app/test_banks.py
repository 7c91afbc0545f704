import contextlib
import threading

import pytest

from packshot.app.banks import banks, entries, import_list, remove
from packshot.core.errors import UsageError
from packshot.pipeline.stores import Stores


def hashes(folder, number):
    path = folder / "list.txt"
    path.write_text("".join(f"{n:064x}\n" for n in range(1, number + 1)))
    return path


def test_two_that_import_one_list_say_once_that_they_added_it(tmp_path):
    told = []
    Stores.open(tmp_path / "w", create=True).close()

    def add():
        with contextlib.closing(Stores.open(tmp_path / "w", create=False)) as stores:
            told.append(import_list(stores, "bad", hashes(tmp_path, 300)))

    threads = [threading.Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one["added"] for one in told) == [0, 300]
    with contextlib.closing(Stores.open(tmp_path / "w", create=False)) as stores:
        assert banks(stores)[0]["entries"] == stores.tables.read("banks").num_rows == 300
        assert remove(stores, "bad", ids_twice(stores))["removed"] == 1


def ids_twice(stores):
    return [entries(stores, "bad")[0]["entry_id"]] * 2


def test_a_list_may_be_in_utf_16_and_is_never_read_beyond_what_it_may_hold(tmp_path, monkeypatch):
    listed = hashes(tmp_path, 2)
    listed.write_text(listed.read_text(), encoding="utf-16")
    with contextlib.closing(Stores.open(tmp_path / "w", create=True)) as stores:
        assert import_list(stores, "bad", listed, dry_run=True)["added"] == 2
        monkeypatch.setattr("packshot.app.banks.MOST_LIST_BYTES", 100)
        with pytest.raises(UsageError, match="larger than"):
            import_list(stores, "bad", listed)
