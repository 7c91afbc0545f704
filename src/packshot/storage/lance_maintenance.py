"""What keeps Lance datasets small: merging fragments, removing rows, deleting old versions."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import lance
from lance import LanceOperation, Transaction
from lance.commit import CommitConflictError
from lance.fragment import write_fragments

from packshot.storage.faults import fault
from packshot.storage.tables import Compacted, Version

if TYPE_CHECKING:
    from collections.abc import Collection

    import pyarrow.compute as pc

    from packshot.storage.lance_in_bucket import InBucket
    from packshot.storage.lance_on_disk import OnDisk

ROWS = 1_000_000
"""A fragment with half as many rows is left alone; smaller ones are merged into one of up to so many."""
_ALL = 2**31
_NEVER = timedelta(days=36_500)
"""No version is that old: only what no version names goes then."""
_TRIES = 10
_READ_BUFFER_BYTES = 64 << 20


def compact(at: OnDisk | InBucket, name: str) -> Compacted | None:
    """See `Tables.compact`.

    Lance's own compaction puts the merged fragments behind all others, for it numbers them anew and keeps them by
    number. Here a merged fragment gets the number of one that it replaces, and so stays where its rows were.
    """
    for tries_left in range(_TRIES, 0, -1):
        dataset: Any = at.opened(name)
        groups = _groups(dataset) if dataset is not None else []
        if not groups:
            return None
        rewrites = [_rewritten(at, dataset, group) for group in groups]
        at.sync_data(name, [file.path for rewrite in rewrites for new in rewrite.new_fragments for file in new.files])
        fault("compact:before-commit")
        transaction = Transaction(dataset.version, LanceOperation.Rewrite(rewrites, []))
        try:
            dataset = lance.LanceDataset.commit(dataset, transaction, storage_options=at.options)
        except CommitConflictError:
            if tries_left == 1:
                raise
            continue  # another process added a column in between; what was written is deleted by `clean`
        break
    fault("compact:committed")
    at.sync_version(name, dataset.version, transaction.uuid)
    return Compacted(older=dataset.version - 1, newer=dataset.version)


def remove(at: OnDisk | InBucket, name: str, where: pc.Expression) -> int:
    """See `Tables.remove`."""
    for tries_left in range(_TRIES, 0, -1):
        dataset: Any = at.opened(name)
        gone = _offsets(dataset, where) if dataset is not None else {}
        if not gone:
            return 0
        marked = {number: dataset.get_fragment(number).delete_rows(offsets) for number, offsets in gone.items()}
        at.sync_deletions(name)
        fault("remove:before-commit")
        left = [fragment for fragment in marked.values() if fragment is not None]
        emptied = [number for number, fragment in marked.items() if fragment is None]
        transaction = Transaction(dataset.version, LanceOperation.Delete(left, emptied, "chosen rows"))
        try:
            dataset = lance.LanceDataset.commit(dataset, transaction, storage_options=at.options)
        except CommitConflictError:
            if tries_left == 1:
                raise
            continue
        break
    fault("remove:committed")
    at.sync_version(name, dataset.version, transaction.uuid)
    return sum(len(offsets) for offsets in gone.values())


def _offsets(dataset: Any, where: pc.Expression) -> dict[int, list[int]]:
    """Fragment → where in it the rows are for which `where` holds."""
    found: dict[int, list[int]] = {}
    rows = dataset.to_table(columns=[], filter=where, with_row_address=True)
    for address in rows["_rowaddr"].to_pylist():
        found.setdefault(address >> 32, []).append(address & 0xFFFFFFFF)
    return found


def versions(at: OnDisk | InBucket, name: str) -> list[Version]:
    """See `Tables.versions`."""
    dataset: Any = at.opened(name)
    found = dataset.versions() if dataset is not None else []
    return [Version(int(version["version"]), version["timestamp"].timestamp()) for version in found]


def clean(at: OnDisk | InBucket, name: str, keep: Collection[int], older_than_s: float) -> int:
    """See `Tables.clean`."""
    dataset: Any = at.opened(name)
    if dataset is None:
        return 0
    fault("clean:before")
    limit = time.time() - older_than_s
    pinned = {*keep, dataset.version}
    old = [version.number for version in versions(at, name) if version.number not in pinned and version.at <= limit]
    which: dict[str, Any] = {"versions": old} if old else {"older_than": _NEVER}
    stats = dataset.cleanup_old_versions(**which)
    at.sweep(name, older_than_s)
    return int(stats.bytes_removed)


def _groups(dataset: Any) -> list[list[Any]]:
    """Neighbouring fragments that are small, or that still hold removed rows: each group is to become one fragment."""
    groups: list[list[Any]] = [[]]
    rows = 0
    for fragment in dataset.get_fragments():
        count = fragment.count_rows()
        # Rewritten alone, the fragment 0 would get a new number, and go behind the others.
        joins = len(groups[-1]) == 1 and groups[-1][0].fragment_id == 0 and _holds_removed(groups[-1][0])
        if count * 2 >= ROWS and not _holds_removed(fragment) and not joins:
            groups.append([])
            continue
        if rows + count > ROWS and not joins:
            groups.append([])
        rows = rows + count if groups[-1] else count
        groups[-1].append(fragment)
    return [group for group in groups if len(group) > 1 or any(map(_holds_removed, group))]


def _holds_removed(fragment: Any) -> bool:
    return fragment.metadata.deletion_file is not None


def _rewritten(at: OnDisk | InBucket, dataset: Any, group: list[Any]) -> Any:
    reader = dataset.scanner(
        fragments=group, batch_readahead=2, fragment_readahead=1, io_buffer_size=_READ_BUFFER_BYTES
    ).to_reader()
    new = write_fragments(reader, dataset, mode="append", max_rows_per_file=_ALL, storage_options=at.options)
    fault("compact:data-written")
    for fragment in new:
        fragment.id = group[0].fragment_id or group[-1].fragment_id  # Lance takes 0 for "no number yet"
    return LanceOperation.RewriteGroup([fragment.metadata for fragment in group], new)
