import pytest

from packshot.app.tables import NAMES
from packshot.core.errors import WorkspaceError
from packshot.storage.lance_tables import LanceTables

VOLATILE = {"run_id", "at", "pass_id"}


@pytest.fixture
def mixed_shop(shop, plain_pictures):
    """Two pictures, and two files that are none."""
    for number in range(2):
        shop.put(f"p{number}.jpg", plain_pictures(number))
    shop.put("empty.jpg", b"")
    shop.put("broken.jpg", plain_pictures(3)[:900])
    shop.list(("A", "p0.jpg"), ("A", "empty.jpg"), ("B", "p1.jpg"), ("C", "broken.jpg"))
    return shop


def as_it_stands(shop):
    tables = {name: shop.table(name) for name in NAMES}
    kept = {name: table.select(c for c in table.columns if c not in VOLATILE) for name, table in tables.items()}
    return {name: sorted(map(repr, table.rows(named=True))) for name, table in kept.items()}


def difference(found, wanted):
    return [set(found[name]) ^ set(rows) for name, rows in wanted.items() if found[name] != rows]


def test_whichever_append_is_the_last_the_next_run_tells_the_same(mixed_shop, tmp_path, monkeypatch):
    mixed_shop.run()
    wanted, append = as_it_stands(mixed_shop), LanceTables.append
    for allowed in (3, 4, 5):  # listings, placements and these: assets, troubles, fetches
        mixed_shop.workspace = tmp_path / f"workspace-{allowed}"
        left = iter(range(allowed))

        def full(store, name, rows, left=left):
            if rows.num_rows and next(left, None) is None:
                raise WorkspaceError("The disk is full.", "Free some space.")
            return append(store, name, rows)

        with monkeypatch.context() as patch:
            patch.setattr(LanceTables, "append", full)
            with pytest.raises(WorkspaceError):
                mixed_shop.run()
        mixed_shop.run()
        found = as_it_stands(mixed_shop)
        assert found == wanted, (f"after {allowed} appends", *difference(found, wanted))
