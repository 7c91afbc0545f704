"""What every source must do: the conformance tests, for built-in sources and yours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packshot.collect.digest import Record, SnapshotDigest
from packshot.collect.objects import store_of
from packshot.collect.opening import OpenSource, open_source
from packshot.collect.places import parse_object
from packshot.collect.source import Example, Source
from packshot.core.errors import SourceError
from packshot.core.listing import Listing, Placement, Role
from packshot.core.trouble import Trouble
from packshot.plugins import discover

if TYPE_CHECKING:
    from pathlib import Path


def every_example() -> list[tuple[str, Example]]:
    """The id of each source with each of its examples, for parametrised tests."""
    return [(kind, example) for kind, source in discover("sources", Source).items() for example in source.examples]


def open_example(kind: str, example: Example, folder: Path | str) -> OpenSource:
    """Write the example's files to the empty `folder` and open it by the source `kind`.

    `folder` may be a prefix of an object store, such as `memory://bucket/path/`.
    """
    if isinstance(folder, str):
        return _open_remote(kind, example, folder)
    for name, content in example.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    location = folder / example.location
    group_by = example.options.group_by.value if location.is_dir() else None
    return open_source(location, kind=kind, mapping=example.options.mapping, group_by=group_by)


def _open_remote(kind: str, example: Example, prefix: str) -> OpenSource:
    root = parse_object(prefix).as_prefix
    fs = store_of(root.scheme).fs
    for name, content in example.files.items():
        fs.pipe_file(f"{root.path}{name}", content)
    is_folder = example.location == "."
    group_by = example.options.group_by.value if is_folder else None
    location = str(root) if is_folder else f"{root}{example.location}"
    return open_source(location, kind=kind, mapping=example.options.mapping, group_by=group_by)


def gives_what_its_example_says(kind: str, example: Example, folder: Path | str) -> None:
    """Listings, pictures in order and troubles are those of the example; a refused one raises SourceError."""
    if example.refused:
        refusal = _refusal(kind, example, folder)
        assert refusal is not None, f"{kind} reads what it must refuse: {example.why}"
        assert refusal.hint, "a refusal says what to do about it"
        return
    records = list(open_example(kind, example, folder).records())
    placements = [record for record in records if isinstance(record, Placement)]
    found = {
        record.listing_id: tuple(
            placement.source_uri
            for placement in sorted(placements, key=lambda placement: placement.position)
            if placement.listing_id == record.listing_id
        )
        for record in records
        if isinstance(record, Listing)
    }
    assert found == dict(example.listings), example.why
    troubles = [record.detail for record in records if isinstance(record, Trouble)]
    assert len(troubles) == len(example.troubles), troubles
    for detail, words in zip(troubles, example.troubles, strict=True):
        assert words in detail, f"{words!r} is not said in {detail!r}"


def keeps_the_contract(kind: str, example: Example, folder: Path | str) -> None:
    """Core types alone, each listing once and before its placements, unique ids, valid text, the same on every read."""
    if example.refused:
        return
    opened = open_example(kind, example, folder)
    records = list(opened.records())
    listings: set[str] = set()
    ids: set[str] = set()
    ranks: dict[str, list[int]] = {}
    for record in records:
        assert isinstance(record, Listing | Placement | Trouble), f"{type(record).__name__} is no record"
        if isinstance(record, Listing):
            assert record.listing_id not in listings, f"the listing {record.listing_id!r} comes twice"
            listings.add(record.listing_id)
        elif isinstance(record, Placement):
            assert record.listing_id in listings, f"a placement comes before its listing {record.listing_id!r}"
            assert record.placement_id not in ids, f"the placement {record.placement_id} comes twice"
            assert isinstance(record.role, Role)
            ids.add(record.placement_id)
            ranks.setdefault(record.listing_id, []).append(record.position)
        else:
            assert record.stage == "collect"
            assert record.detail, "a trouble says nothing"
        repr(record).encode("utf-8")
    for listing_id, positions in ranks.items():
        assert sorted(positions) == list(range(len(positions))), f"positions of {listing_id!r}: {positions}"
    assert list(opened.records()) == records, "a second read gives something else"
    assert _digest(records) == _digest(list(reversed(records))), "the digest must not depend on order"


def _refusal(kind: str, example: Example, folder: Path | str) -> SourceError | None:
    try:
        list(open_example(kind, example, folder).records())
    except SourceError as error:
        return error
    return None


def _digest(records: list[Record]) -> str:
    digest = SnapshotDigest()
    for record in records:
        digest.add(record)
    return digest.hexdigest()
